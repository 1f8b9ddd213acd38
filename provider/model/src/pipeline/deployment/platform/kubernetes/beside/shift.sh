[ -n "$FORMER" ] || fail "it is not known what ran before"
share "$old" "$new" "$WEIGHT"
echo "$WEIGHT % of the traffic goes to the Deployment $new"
