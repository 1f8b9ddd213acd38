# Finds an earlier image again, which a person named by its DIGEST, in REPOSITORY.
if ! [[ "$DIGEST" =~ ^sha256:[0-9a-f]{64}$ ]]; then
  echo "::error::a digest is sha256: and 64 digits of 0-9 and a-f, and this is: ${DIGEST//$'\n'/ }"
  exit 1
fi
if ! skopeo inspect --raw "docker://$REPOSITORY@$DIGEST" > /dev/null; then
  echo "::error::$REPOSITORY has no image $DIGEST"
  exit 1
fi
echo "the image is $REPOSITORY@$DIGEST"
{
  echo "digest=$DIGEST"
  echo "image=$REPOSITORY@$DIGEST"
} >> "$GITHUB_OUTPUT"
