[ -n "$SETTLE" ] || SETTLE='echo "there is nothing to settle"'
run "$SETTLE" || fail "\`settle\` failed"
