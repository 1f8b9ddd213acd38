run "$SHIFT" || fail "\`shift\` failed"
echo "$WEIGHT % of the traffic goes to the new one"
