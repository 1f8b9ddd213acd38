# Looks up, with the program GRYPE, what SBOM, a file of CycloneDX, lists among known vulnerabilities.
# Refuses more than MAX_CRITICAL critical ones; one that several packages have counts once.
"$GRYPE" "sbom:$SBOM" --output cyclonedx-json --file scan.json
if ! jq -e '.bomFormat == "CycloneDX"' scan.json > /dev/null; then
  echo "::error::the scan brought no document of CycloneDX"
  exit 1
fi
found="$(jq -r '
  [.vulnerabilities[]? | select(any(.ratings[]?; .severity == "critical")) | .id] | unique[]
' scan.json)"
critical=()
[ -z "$found" ] || mapfile -t critical <<< "$found"
count="${#critical[@]}"
for it in "${critical[@]}"; do
  echo "critical: $it"
done
if [ "$count" -gt "$MAX_CRITICAL" ]; then
  echo "::error::the image has $count critical vulnerabilities, and may have $MAX_CRITICAL: ${critical[*]}"
  exit 1
fi
echo "critical vulnerabilities: $count, and $MAX_CRITICAL at most"
