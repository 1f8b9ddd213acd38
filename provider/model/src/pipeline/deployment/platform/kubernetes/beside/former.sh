weight=$(weight_of "$DEPLOYMENT")
rest=$(weight_of "$STANDBY_DEPLOYMENT")
case "$weight $rest" in
  "100 0") live=$DEPLOYMENT ;;
  "0 100") live=$STANDBY_DEPLOYMENT ;;
  *)
    fail "the HTTPRoute gives $weight % to $DEPLOYMENT and $rest % to $STANDBY_DEPLOYMENT, so that none of" \
      "them is what runs: give one of them all of the traffic"
    ;;
esac
found=$(deployment "$live")
runs=$(image_in "$found")
runs="$live $runs $(jq .spec.replicas <<<"$found")"
echo "what runs (Deployment, image, replicas): $runs"
echo "former=$runs" >>"$GITHUB_OUTPUT"
