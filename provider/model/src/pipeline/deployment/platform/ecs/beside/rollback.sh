if [ -z "$FORMER" ]; then
  echo "it is not known what ran before, so there is nothing to bring back"
  exit
fi
before=$(service "$old")
beside=$(service "$new")
weight=$(weight_of "$beside")
current=$(jq -r .taskDefinition <<<"$beside")
runs=$(image_of "$current")
if [ "$weight" != 0 ] && [ "$runs" != "$IMAGE" ]; then
  echo "the service $new runs ${current##*/}, which another deployment put there: it stays"
  exit
fi
if [ "$weight" = 0 ] && [ "$(jq -r .taskDefinition <<<"$before")" != "$definition" ]; then
  echo "the service $old runs another task definition than ${definition##*/}, which another deployment" \
    "put there: it stays"
  exit
fi
echo "the service $old goes back to ${definition##*/} with $count tasks"
run "$old" "$definition" "$count"
share "$before" "$beside" 0
echo "100 % of the traffic goes to the service $old"
if [ "$runs" = "$IMAGE" ]; then
  scale_down "$new"
fi
