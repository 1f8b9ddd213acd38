one=$(service "$SERVICE")
other=$(service "$STANDBY_SERVICE")
weight=$(weight_of "$one")
rest=$(weight_of "$other")
case "$weight $rest" in
  "100 0") live=$one ;;
  "0 100") live=$other ;;
  *)
    fail "the rule gives $weight % to $SERVICE and $rest % to $STANDBY_SERVICE, so that none of them is" \
      "what runs: give one of them all of the traffic"
    ;;
esac
runs=$(jq -r '"\(.serviceName) \(.taskDefinition) \(.desiredCount)"' <<<"$live")
echo "what runs (service, task definition, tasks): $runs"
echo "former=$runs" >>"$GITHUB_OUTPUT"
