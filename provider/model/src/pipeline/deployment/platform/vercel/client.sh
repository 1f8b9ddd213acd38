# shellcheck shell=bash
# What runs on Vercel, by its command line; what that does not tell, by its API.
# Without this, what fails within $(…) would go unnoticed there.
shopt -s inherit_errexit

fail() {
  echo "::error::$*" >&2
  exit 1
}

export VERCEL_TELEMETRY_DISABLED=1 NO_UPDATE_NOTIFIER=1
version=50.44.0
api=${VERCEL_API:-https://api.vercel.com}
if [ "$(command vercel --version 2>/dev/null | tail -n 1)" != "$version" ]; then
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$RUNNER_TEMP/vercel" "vercel@$version"
  PATH=$RUNNER_TEMP/vercel/node_modules/.bin:$PATH
fi

# It knows the project by VERCEL_ORG_ID and VERCEL_PROJECT_ID, and the token by VERCEL_TOKEN.
vercel() {
  command vercel "$@" --api "$api" --non-interactive
}

# Asks the API for $1.
ask() {
  curl --silent --show-error --fail-with-body --retry 5 --max-time 60 \
    --header @<(echo "Authorization: Bearer $VERCEL_TOKEN") "$api$1"
}

# The id of the deployment that has the production domains; nothing where none has.
current() {
  local found
  found=$(ask "/v9/projects/$VERCEL_PROJECT_ID?teamId=$VERCEL_ORG_ID") || fail "Vercel says: $found"
  jq -r '.targets.production.id // ""' <<<"$found"
}

# Waits until the newest deployment of this run is ready; prints its id.
staged() {
  local found id state until=$((SECONDS + ${PATIENCE:-900}))
  while :; do
    found=$(ask "/v6/deployments?projectId=$VERCEL_PROJECT_ID&teamId=$VERCEL_ORG_ID&target=production&limit=50") ||
      fail "Vercel says: $found"
    found=$(jq '[.deployments[] | select(.meta.stanchionRun == env.GITHUB_RUN_ID)] | sort_by(.created) | last' \
      <<<"$found")
    id=$(jq -r '.uid // ""' <<<"$found")
    state=$(jq -r '.state // "missing"' <<<"$found")
    case $state in
      READY) break ;;
      QUEUED | INITIALIZING | BUILDING) ;;
      *) fail "the deployment $id of this run is $state: its page at Vercel says why" ;;
    esac
    [ "$SECONDS" -lt "$until" ] || fail "the deployment $id is still $state"
    sleep "${PAUSE:-5}"
  done
  echo "$id"
}

# Builds what there is, unless that was done, and deploys it without any domain.
stage() {
  if [ ! -d .vercel/output ]; then
    vercel pull --yes --environment production
    vercel build --prod
  fi
  vercel deploy --prebuilt --prod --skip-domain --yes --meta "stanchionRun=$GITHUB_RUN_ID" ||
    fail "the deployment failed: the lines above say why"
  echo
}

# Gives the production domains to the deployment $1.
promote() {
  local now until=$((SECONDS + ${PATIENCE:-300}))
  # Here the command line does not take the team from VERCEL_ORG_ID.
  vercel promote "$1" --yes --timeout 5m --scope "$VERCEL_ORG_ID"
  now=$(current)
  while [ "$now" != "$1" ]; do
    [ "$SECONDS" -lt "$until" ] || fail "the production domains stay with the deployment $now"
    sleep "${PAUSE:-5}"
    now=$(current)
  done
  echo "100 % of the traffic goes to the deployment $1"
}
