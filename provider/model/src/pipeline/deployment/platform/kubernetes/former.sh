found=$(deployment "$DEPLOYMENT")
runs=$(image_in "$found")
echo "the Deployment $DEPLOYMENT runs $runs"
case $runs in
  *@sha256:*) ;;
  *) echo "::warning::$runs is no digest: a rollback brings back what the tag means then" ;;
esac
echo "former=$runs" >>"$GITHUB_OUTPUT"
