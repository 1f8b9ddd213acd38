found=$(service "$SERVICE")
if [ "$(jq .desiredCount <<<"$found")" = 0 ]; then
  fail "the service $SERVICE wants 0 tasks, so that nothing would tell whether the image runs: let it want one"
fi
definition=${TASK_DEFINITION:-$(jq -r .taskDefinition <<<"$found")}
revision=$(with_image "$definition")
echo "the service $SERVICE gets ${revision##*/} with $IMAGE"
aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition "$revision" \
  --query service.status --output text >/dev/null
wait_for "$SERVICE" "$revision"
