# Copies the image of ARCHIVE to REPOSITORY under TAG, all its platforms and to the letter, and sees that
# the registry has it under DIGEST, which was measured and scanned. Nothing is copied where it is already
# there.
published() {
  skopeo inspect --raw "docker://$REPOSITORY:$TAG" | sha256sum | sed 's/ .*//; s/^/sha256:/'
}

if [ "$(published 2> /dev/null || true)" = "$DIGEST" ]; then
  echo "$REPOSITORY:$TAG is $DIGEST already"
else
  skopeo copy --all --preserve-digests "oci-archive:$ARCHIVE" "docker://$REPOSITORY:$TAG"
  found="$(published)"
  if [ "$found" != "$DIGEST" ]; then
    echo "::error::$REPOSITORY:$TAG is $found, and $DIGEST was measured"
    exit 1
  fi
  echo "$REPOSITORY:$TAG is $DIGEST"
fi
{
  echo "digest=$DIGEST"
  echo "image=$REPOSITORY@$DIGEST"
} >> "$GITHUB_OUTPUT"
