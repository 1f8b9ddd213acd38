runs=$(run "$CURRENT") || fail "\`current\` failed"
if [ "$(wc -l <<<"$runs")" != 1 ]; then
  fail "\`current\` must print one line: what runs now, or nothing where nothing does"
fi
echo "what runs: ${runs:-nothing}"
echo "former=$runs" >>"$GITHUB_OUTPUT"
