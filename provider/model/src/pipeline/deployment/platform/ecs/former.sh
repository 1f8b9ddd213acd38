found=$(service "$SERVICE")
runs=$(jq -r .taskDefinition <<<"$found")
echo "the service $SERVICE runs ${runs##*/}"
echo "former=$runs" >>"$GITHUB_OUTPUT"
