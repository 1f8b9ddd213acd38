# Signs IMAGE, which names a digest, as this workflow: without a key, by the job's own token. Attests SBOM,
# if there is one.
case "$IMAGE" in
  *@sha256:*) ;;
  *)
    echo "::error::$IMAGE names no digest, and a tag may be another image tomorrow"
    exit 1
    ;;
esac
cosign sign --yes "$IMAGE"
echo "$IMAGE is signed"
if [ -n "$SBOM" ]; then
  cosign attest --yes --type cyclonedx --predicate "$SBOM" "$IMAGE"
  echo "$SBOM is attested"
fi
