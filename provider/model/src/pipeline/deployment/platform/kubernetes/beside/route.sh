# How an HTTPRoute shares the traffic between two Services.

# The Service of the Deployment $1.
service_of() {
  if [ "$1" = "$DEPLOYMENT" ]; then
    echo "${SERVICE:-$DEPLOYMENT}"
  else
    echo "${STANDBY_SERVICE:-$STANDBY_DEPLOYMENT}"
  fi
}

route() {
  kube get httproutes.gateway.networking.k8s.io "$HTTP_ROUTE" --output json ||
    fail "the namespace $NAMESPACE has no HTTPRoute $HTTP_ROUTE that the login may read"
}

# The percent of the traffic that the route gives to the Service of the Deployment $1: the largest of
# its rules that name the Service.
weight_of() {
  local found name
  name=$(service_of "$1")
  found=$(route)
  jq --arg name "$name" '[.spec.rules[].backendRefs // [] | select(any(.[]; .name == $name))
    | (map(.weight // 1) | add) as $whole | map(select(.name == $name) | .weight // 1) | add
    | if . == 0 then 0 else . * 100 / $whole end] | max // 0' <<<"$found"
}

# Gives $3 percent to the Service of the Deployment $2 and the rest to that of $1, in each rule that
# names one of them; waits until each gateway works by that.
share() {
  local from to found patch generation until=$((SECONDS + ${PATIENCE:-300}))
  from=$(service_of "$1")
  to=$(service_of "$2")
  found=$(route)
  patch=$(jq --arg from "$from" --arg to "$to" --argjson weight "$3" '{spec: {rules: (.spec.rules | map(
    (.backendRefs // []) as $refs
    | [$refs[] | select(.name == $from)][0] as $one | [$refs[] | select(.name == $to)][0] as $other
    | if $one or $other then .backendRefs = [
        ($one // $other) + {name: $from, weight: (100 - $weight)},
        ($other // $one) + {name: $to, weight: $weight}]
      else . end))}}' <<<"$found")
  generation=$(kube patch httproutes.gateway.networking.k8s.io "$HTTP_ROUTE" --type merge --patch "$patch" \
    --output 'jsonpath={.metadata.generation}')
  while :; do
    found=$(route)
    if jq -e --argjson generation "$generation" '.status.parents // [] | length > 0 and all(
      any(.conditions[]; .type == "Accepted" and .status == "True" and .observedGeneration >= $generation))' \
      <<<"$found" >/dev/null; then
      break
    fi
    if [ "$SECONDS" -ge "$until" ]; then
      jq -c '.status' <<<"$found" >&2
      fail "no gateway has taken the HTTPRoute $HTTP_ROUTE over: the line above is what they say"
    fi
    sleep "${PAUSE:-2}"
  done
}

# Waits until the Service of the Deployment $1 has an address to send traffic to.
wait_for_addresses() {
  local name found until=$((SECONDS + ${PATIENCE:-300}))
  name=$(service_of "$1")
  while :; do
    found=$(kube get endpointslices --selector "kubernetes.io/service-name=$name" --output json)
    if jq -e 'any(.items[].endpoints // [] | .[]; .conditions.ready)' <<<"$found" >/dev/null; then
      break
    fi
    if [ "$SECONDS" -ge "$until" ]; then
      fail "the Service $name finds no pod that is ready: look at its selector and at the Deployment $1"
    fi
    sleep "${PAUSE:-2}"
  done
}

scale_down() {
  kube scale deployment "$1" --replicas 0 >/dev/null
  echo "the Deployment $1 is scaled down to 0 replicas"
}

# The two Deployments: FORMER's, and the one beside it. Not each deed needs all of it.
# shellcheck disable=SC2034
read -r old was count <<<"$FORMER"
# shellcheck disable=SC2034
if [ "$old" = "$DEPLOYMENT" ]; then new=$STANDBY_DEPLOYMENT; else new=$DEPLOYMENT; fi
