# Measures what a runner pulls for PLATFORM out of ARCHIVE, an OCI archive: the image's configuration and
# its layers, as they are compressed. Refuses it above MAX_SIZE bytes, if there is a MAX_SIZE. Tells the
# digest under which a registry will have the archive's image, and its size.
shopt -s inherit_errexit
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

broken() {
  echo "::error::$ARCHIVE is no whole image: $1" >&2
  exit 1
}

# The file of a blob, by what refers to it, if it is there with as many bytes as are said.
blob() {
  local digest size file
  digest="$(jq -r .digest <<< "$1")"
  size="$(jq -r .size <<< "$1")"
  [[ "$digest" =~ ^sha256:[0-9a-f]{64}$ ]] || broken "a digest is $digest"
  file="$folder/blobs/sha256/${digest#sha256:}"
  [ -f "$file" ] || broken "$digest is missing"
  [ "$(stat -c %s "$file")" = "$size" ] || broken "$digest has not $size bytes"
  echo "$file"
}

# The manifests of single platforms: an index may lie in an index.
manifests() {
  local file inner all
  file="$(blob "$1")"
  jq -e . "$file" > /dev/null 2>&1 || broken "a manifest is no JSON"
  if all="$(jq -ce '.manifests[]' "$file" 2> /dev/null)"; then
    while read -r inner; do
      manifests "$inner"
    done <<< "$all"
  else
    jq -c . "$file"
  fi
}

tar -xf "$ARCHIVE" -C "$folder" 2> /dev/null || broken "it can't be unpacked"
jq -e '.manifests | type == "array"' "$folder/index.json" > /dev/null 2>&1 || broken "it has no index"
count="$(jq '.manifests | length' "$folder/index.json")"
if [ "$count" != 1 ]; then
  echo "::error::$ARCHIVE has $count images, and must have one: build it with one --output and one tag"
  exit 1
fi
top="$(jq -c '.manifests[0]' "$folder/index.json")"
found="$(manifests "$top")"
size=""
while read -r manifest; do
  config="$(blob "$(jq -c .config <<< "$manifest")")"
  # What BuildKit attests lies beside the images, and is of no platform.
  fits="$(jq --arg platform "$PLATFORM" '
    [.os, .architecture, .variant // empty] | [(.[:2], .) | join("/")] | any(. == $platform)
  ' "$config" 2> /dev/null)" || continue
  [ "$fits" = true ] || continue
  parts="$(jq -c '.config, .layers[]' <<< "$manifest" 2> /dev/null)" || broken "a manifest has no layers"
  sum=0
  while read -r part; do
    file="$(blob "$part")"
    sum=$((sum + $(stat -c %s "$file")))
  done <<< "$parts"
  if [ -z "$size" ] || [ "$sum" -gt "$size" ]; then
    size="$sum"
  fi
done <<< "$found"
if [ -z "$size" ]; then
  echo "::error::$ARCHIVE has no image for $PLATFORM"
  exit 1
fi
if [ -n "$MAX_SIZE" ] && [ "$size" -gt "$MAX_SIZE" ]; then
  echo "::error::the image for $PLATFORM has $size bytes, and may have $MAX_SIZE"
  exit 1
fi
echo "the image for $PLATFORM has $size bytes${MAX_SIZE:+, and may have $MAX_SIZE}"
{
  echo "digest=$(jq -r .digest <<< "$top")"
  echo "size=$size"
} >> "$GITHUB_OUTPUT"
