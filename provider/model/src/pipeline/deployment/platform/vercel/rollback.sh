if [ -z "$FORMER" ]; then
  echo "nothing ran before, so there is nothing to bring back"
  exit
fi
now=$(current)
if [ "$now" = "$FORMER" ]; then
  echo "the production domains lead to the deployment $FORMER still"
  exit
fi
found=$(ask "/v13/deployments/$now?teamId=$VERCEL_ORG_ID") || fail "Vercel says: $found"
if [ "$(jq -r .meta.stanchionRun <<<"$found")" != "$GITHUB_RUN_ID" ]; then
  echo "the production domains lead to $now, which another deployment put there: it stays"
  exit
fi
echo "the production domains go back to the deployment $FORMER"
promote "$FORMER"
