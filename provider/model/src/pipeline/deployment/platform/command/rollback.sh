if [ -z "$FORMER" ]; then
  echo "nothing ran before, so there is nothing to bring back"
  if [ -n "$SHIFT" ]; then
    WEIGHT=0 run "$SHIFT" || fail "\`shift\` failed"
    echo "0 % of the traffic goes to the new one"
  fi
  exit
fi
runs=$(run "$CURRENT") || fail "\`current\` failed"
# Only where it prints images can it be told whether another deployment took the place.
case $runs in
  "$FORMER" | "$IMAGE") ;;
  *@sha256:*)
    echo "$runs runs, which another deployment put there: it stays"
    exit
    ;;
esac
echo "going back to $FORMER"
run "$ROLLBACK" || fail "\`rollback\` failed"
