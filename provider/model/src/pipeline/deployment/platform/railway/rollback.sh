if [ -z "$FORMER" ]; then
  echo "nothing ran before, so there is nothing to bring back"
  exit
fi
read -r id was <<<"$FORMER"
found=$(instance)
says=$(jq -r .image <<<"$found")
running=$(jq -r .running <<<"$found")
newest=$(jq -r .newest.id <<<"$found")
if [ "$says" != "$was" ] && [ "$says" != "$IMAGE" ]; then
  echo "the service is of $says, which another deployment put there: it stays"
  exit
fi
if [ "$running" = "$id" ]; then
  case $(jq -r .newest.status <<<"$found") in
    BUILDING | DEPLOYING | INITIALIZING | NEEDS_APPROVAL | QUEUED | WAITING)
      echo "the deployment $newest is cancelled"
      ask 'mutation ($id: String!) { deploymentCancel(id: $id) }' "$(jq -n --arg id "$newest" '{$id}')" >/dev/null
      ;;
  esac
  echo "the deployment $id runs still"
elif [ "$says" = "$was" ]; then
  echo "the service is of $was already"
else
  echo "the service goes back to the deployment $id"
  ask 'mutation ($id: String!) { deploymentRollback(id: $id) }' "$(jq -n --arg id "$id" '{$id}')" >/dev/null
  # Going back makes a new deployment, which may take a moment to be told.
  back=$newest
  until=$((SECONDS + ${PATIENCE:-300}))
  while [ "$back" = "$newest" ]; do
    [ "$SECONDS" -lt "$until" ] || fail "Railway did not begin to go back to the deployment $id"
    sleep "${PAUSE:-5}"
    found=$(instance)
    back=$(jq -r .newest.id <<<"$found")
  done
  wait_for "$back"
fi
# Last, so that what failed before this is seen as not yet done.
if [ "$was" != - ] && [ "$was" != "$says" ]; then
  set_image "$was"
  echo "the service is of $was again"
fi
