if [ -z "$FORMER" ]; then
  echo "nothing ran before, so there is nothing to bring back"
  exit
fi
found=$(service "$SERVICE")
current=$(jq -r .taskDefinition <<<"$found")
if [ "$current" != "$FORMER" ]; then
  runs=$(image_of "$current")
  if [ "$runs" != "$IMAGE" ]; then
    echo "the service $SERVICE runs ${current##*/}, which another deployment put there: it stays"
    exit
  fi
  echo "the service $SERVICE goes back to ${FORMER##*/}"
  aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition "$FORMER" \
    --query service.status --output text >/dev/null
fi
wait_for "$SERVICE" "$FORMER"
