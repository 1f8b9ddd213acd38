# shellcheck shell=bash
# A `$` in single quotes is GraphQL's or jq's own.
# shellcheck disable=SC2016
# What runs on Railway, by its GraphQL API.
# Without this, what fails within $(…) would go unnoticed there.
shopt -s inherit_errexit

fail() {
  echo "::error::$*" >&2
  exit 1
}

# Asks the document $1 about the service with the further variables $2, which are JSON; prints the data.
ask() {
  local body answer retries=0
  # What changes something is not asked twice.
  case $1 in query*) retries=5 ;; esac
  body=$(jq -n --arg query "$1" --argjson more "$2" '{$query, variables:
    ({service: env.SERVICE, environment: env.ENVIRONMENT_ID} + $more)}')
  answer=$(curl --silent --show-error --retry "$retries" --max-time 60 \
    --header @<(echo "Project-Access-Token: $RAILWAY_TOKEN") --header "Content-Type: application/json" \
    --data "$body" "${RAILWAY_API:-https://backboard.railway.com/graphql/v2}")
  if ! jq -e '.data and (.errors | not)' <<<"$answer" >/dev/null 2>&1; then
    fail "Railway says: $(jq -r '.errors[].message' <<<"$answer" 2>/dev/null || echo "$answer")"
  fi
  jq .data <<<"$answer"
}

# A project's token is of one environment, which it tells.
if [ -z "${ENVIRONMENT_ID:-}" ]; then
  ENVIRONMENT_ID=$(ask 'query { projectToken { environmentId } }' '{}' | jq -r .projectToken.environmentId)
  export ENVIRONMENT_ID
fi

# The service in the environment: its image, its newest deployment, and the one that runs.
instance() {
  ask 'query ($service: String!, $environment: String!) {
    serviceInstance(serviceId: $service, environmentId: $environment) {
      source { image }
      latestDeployment { id status }
    }
    deployments(first: 1, input: {
      serviceId: $service, environmentId: $environment, status: {in: [SUCCESS, SLEEPING]}
    }) { edges { node { id } } }
  }' '{}' | jq '{
    image: (.serviceInstance.source.image // "-"),
    newest: .serviceInstance.latestDeployment,
    running: (.deployments.edges[0].node.id // "")}'
}

# Says that the service is of the image $1 from the next deployment on.
set_image() {
  ask 'mutation ($service: String!, $environment: String!, $image: String!) {
    serviceInstanceUpdate(serviceId: $service, environmentId: $environment, input: {source: {image: $image}})
  }' "$(jq -n --arg image "$1" '{$image}')" >/dev/null
}

# Waits until the deployment $1 runs.
wait_for() {
  local status until=$((SECONDS + ${PATIENCE:-1200}))
  while :; do
    status=$(ask 'query ($id: String!) { deployment(id: $id) { status } }' "$(jq -n --arg id "$1" '{$id}')" |
      jq -r .deployment.status)
    case $status in
      SUCCESS | SLEEPING) break ;;
      FAILED | CRASHED | REMOVED | REMOVING | SKIPPED | NEEDS_APPROVAL)
        fail "the deployment $1 is $status: its logs at Railway say why"
        ;;
    esac
    if [ "$SECONDS" -ge "$until" ]; then
      fail "the deployment $1 is still $status"
    fi
    sleep "${PAUSE:-5}"
  done
  echo "the deployment $1 runs"
}
