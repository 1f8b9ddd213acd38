# shellcheck shell=bash
# What runs on ECS, and how it is seen that it is healthy.
# Without this, what fails within $(…) would go unnoticed there.
shopt -s inherit_errexit

fail() {
  echo "::error::$*" >&2
  exit 1
}

# The service $1, as ECS tells it.
service() {
  local found
  found=$(aws ecs describe-services --cluster "$CLUSTER" --services "$1" --output json)
  jq -e '.services[] | select(.status == "ACTIVE")' <<<"$found" ||
    fail "the cluster $CLUSTER has no service $1: make it first, with a task definition and a network"
}

# Out of a task definition, the one container whose image is replaced.
ours='([.taskDefinition.containerDefinitions[] | select(.name == (if (env.CONTAINER // "") == "" then .name else env.CONTAINER end))]
  | select(length == 1) | .[0])'

task_definition() {
  aws ecs describe-task-definition --task-definition "$1" --include TAGS --output json
}

# The image in a task definition, as `task_definition` tells it.
image_in() {
  jq -er "$ours.image" <<<"$1" ||
    fail "the task definition has no container, or more than one, that could be meant: say \`container\`"
}

# The image in the task definition $1.
image_of() {
  local found
  found=$(task_definition "$1")
  image_in "$found"
}

# Prints the task definition $1 with IMAGE in it: a new revision, or the same where it has that image.
with_image() {
  local found runs definition
  found=$(task_definition "$1")
  runs=$(image_in "$found")
  if [ "$runs" = "$IMAGE" ]; then
    jq -r .taskDefinition.taskDefinitionArn <<<"$found"
    return
  fi
  # Without what ECS adds when it registers one, and takes from nobody.
  definition=$(jq "$ours as \$ours"'
    | (if (.tags // []) == [] then {} else {tags} end) + .taskDefinition
    | (.containerDefinitions[] | select(.name == $ours.name)).image = env.IMAGE
    | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities,
          .registeredAt, .registeredBy, .deregisteredAt)' <<<"$found")
  aws ecs register-task-definition --cli-input-json "$definition" \
    --query taskDefinition.taskDefinitionArn --output text
}

# Waits until the service $1 runs the task definition $2 and nothing else, all of it healthy.
wait_for() {
  local found state seen='' until=$((SECONDS + ${PATIENCE:-1200}))
  while :; do
    found=$(service "$1")
    state=$(jq -r --arg wanted "$2" '
      first(.deployments[] | select(.status == "PRIMARY")) as $primary
      | if any(.deployments[]; .taskDefinition == $wanted and .rolloutState == "FAILED") then "failed"
        elif $primary.taskDefinition != $wanted then "other"
        elif (.deployments | length) == 1 and .runningCount == .desiredCount
          and ($primary.rolloutState // "COMPLETED") == "COMPLETED" then "healthy"
        else "waiting" end' <<<"$found")
    case $state in
      healthy) break ;;
      waiting) seen=yes ;;
      # ECS brings the former back by itself where its circuit breaker is told so.
      other) [ -z "$seen" ] || state=failed ;;
    esac
    if [ "$state" = failed ] || [ "$SECONDS" -ge "$until" ]; then
      jq -r '.events[:5][] | .message' <<<"$found" >&2
      fail "the service $1 does not become healthy with ${2##*/}: the lines above are its last events"
    fi
    sleep "${PAUSE:-10}"
  done
  echo "the service $1 is healthy with ${2##*/}: $(jq -r .runningCount <<<"$found") tasks"
}
