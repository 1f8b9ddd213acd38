found=$(instance)
runs=$(jq -r 'if .running == "" then "" else "\(.running) \(.image)" end' <<<"$found")
echo "what runs (deployment, image): ${runs:-nothing}"
echo "former=$runs" >>"$GITHUB_OUTPUT"
