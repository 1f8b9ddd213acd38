# How a load balancer's rule shares the traffic between two services.

# The target group of a service out of what `service` tells.
group() {
  jq -er '.loadBalancers[0].targetGroupArn // empty' <<<"$1" ||
    fail "the service $(jq -r .serviceName <<<"$1") stands behind no target group: give it a load balancer"
}

rule() {
  aws elbv2 describe-rules --rule-arns "$LISTENER_RULE" --output json
}

# The percent of the traffic that the rule gives to the service $1, which `service` told.
weight_of() {
  local found group
  group=$(group "$1")
  found=$(rule)
  jq --arg group "$group" '[.Rules[0].Actions[] | select(.Type == "forward")
    | .ForwardConfig.TargetGroups // [{TargetGroupArn, Weight: 1}] | .[]] as $all
    | ([$all[] | .Weight // 1] | add // 0) as $whole
    | [$all[] | select(.TargetGroupArn == $group) | .Weight // 1] | add // 0
    | if . == 0 then 0 else . * 100 / $whole end' <<<"$found"
}

# Gives $3 percent to the service $2 and the rest to $1, as `service` told them; all else in the rule
# stays.
share() {
  local from to found actions
  from=$(group "$1")
  to=$(group "$2")
  found=$(rule)
  actions=$(jq --arg old "$from" --arg new "$to" --argjson weight "$3" '.Rules[0].Actions | map(
    if .Type == "forward" then
      del(.TargetGroupArn) | .ForwardConfig.TargetGroups = [
        {TargetGroupArn: $old, Weight: (100 - $weight)}, {TargetGroupArn: $new, Weight: $weight}]
    elif .Type == "authenticate-oidc" then
      # The secret is not told, and stays what it is.
      .AuthenticateOidcConfig.UseExistingClientSecret = true
    else . end)' <<<"$found")
  aws elbv2 modify-rule --rule-arn "$LISTENER_RULE" --actions "$actions" \
    --query 'Rules[0].RuleArn' --output text >/dev/null
}

# Waits until the load balancer finds $2 targets of the service $1 healthy.
wait_for_targets() {
  local found group healthy until=$((SECONDS + ${PATIENCE:-1200}))
  found=$(service "$1")
  group=$(group "$found")
  while :; do
    found=$(aws elbv2 describe-target-health --target-group-arn "$group" --output json)
    healthy=$(jq '[.TargetHealthDescriptions[] | select(.TargetHealth.State == "healthy")] | length' <<<"$found")
    [ "$healthy" -lt "$2" ] || break
    if [ "$SECONDS" -ge "$until" ]; then
      jq -r '.TargetHealthDescriptions[] | "\(.Target.Id): \(.TargetHealth.State) \(.TargetHealth.Description // "")"' \
        <<<"$found" >&2
      fail "the load balancer finds $healthy of $2 targets healthy: the lines above are what it says"
    fi
    sleep "${PAUSE:-10}"
  done
}

# Gives a service a task definition and a number of tasks, and waits for both.
run() {
  aws ecs update-service --cluster "$CLUSTER" --service "$1" --task-definition "$2" --desired-count "$3" \
    --query service.status --output text >/dev/null
  wait_for "$1" "$2"
  wait_for_targets "$1" "$3"
}

scale_down() {
  aws ecs update-service --cluster "$CLUSTER" --service "$1" --desired-count 0 \
    --query service.status --output text >/dev/null
  echo "the service $1 is scaled down to 0 tasks"
}

# The two services: FORMER's, and the one beside it. Not each deed needs all of it.
# shellcheck disable=SC2034
read -r old definition count <<<"$FORMER"
# shellcheck disable=SC2034
if [ "$old" = "$SERVICE" ]; then new=$STANDBY_SERVICE; else new=$SERVICE; fi
