runs=$(current)
echo "what has the production domains: ${runs:-nothing}"
echo "former=$runs" >>"$GITHUB_OUTPUT"
