# shellcheck shell=bash
# What runs on Kubernetes, and how it is seen that it is healthy.
# Without this, what fails within $(…) would go unnoticed there.
shopt -s inherit_errexit

fail() {
  echo "::error::$*" >&2
  exit 1
}

config=$RUNNER_TEMP/kubeconfig
trap 'rm -f "$config"' EXIT
if [ -n "$KUBE_CONFIG" ]; then
  (umask 077 && printf '%s\n' "$KUBE_CONFIG" >"$config")
else
  aws eks update-kubeconfig --name "$EKS_CLUSTER" --kubeconfig "$config" >/dev/null
fi

kube() {
  kubectl --kubeconfig "$config" --namespace "$NAMESPACE" "$@"
}

# The Deployment $1, as Kubernetes tells it.
deployment() {
  kube get deployment "$1" --output json ||
    fail "the namespace $NAMESPACE has no Deployment $1 that the login may read"
}

# Out of a Deployment, the one container whose image is replaced.
ours='([.spec.template.spec.containers[]
  | select(.name == (if (env.CONTAINER // "") == "" then .name else env.CONTAINER end))]
  | select(length == 1) | .[0])'

image_in() {
  jq -er "$ours.image" <<<"$1" ||
    fail "the Deployment has no container, or more than one, that could be meant: say \`container\`"
}

# Gives the Deployment $1 the image $2 and, if said, $3 replicas; waits until they are healthy.
run() {
  local found patch
  found=$(deployment "$1")
  image_in "$found" >/dev/null
  patch=$(jq --arg image "$2" --arg replicas "$3" "$ours as {\$name}"' | {spec:
    ({template: {spec: {containers: [{name: $name, image: $image}]}}}
      + if $replicas == "" then {} else {replicas: ($replicas | tonumber)} end)}' <<<"$found")
  kube patch deployment "$1" --patch "$patch" >/dev/null
  if ! kube rollout status "deployment/$1" --timeout "${PATIENCE:-1200}s"; then
    kube get events --field-selector type=Warning --sort-by .lastTimestamp | tail -n 5 >&2
    fail "the Deployment $1 does not become healthy with $2: the lines above are the last warnings"
  fi
}
