found=$(deployment "$DEPLOYMENT")
if [ "$(jq .spec.replicas <<<"$found")" = 0 ]; then
  fail "the Deployment $DEPLOYMENT wants 0 replicas, so that nothing would tell whether the image runs:" \
    "let it want one"
fi
echo "the Deployment $DEPLOYMENT gets $IMAGE"
run "$DEPLOYMENT" "$IMAGE"
