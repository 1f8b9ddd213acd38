if [ -z "$FORMER" ]; then
  echo "nothing ran before, so there is nothing to bring back"
  exit
fi
found=$(deployment "$DEPLOYMENT")
runs=$(image_in "$found")
if [ "$runs" != "$FORMER" ] && [ "$runs" != "$IMAGE" ]; then
  echo "the Deployment $DEPLOYMENT runs $runs, which another deployment put there: it stays"
  exit
fi
echo "the Deployment $DEPLOYMENT goes back to $FORMER"
run "$DEPLOYMENT" "$FORMER"
