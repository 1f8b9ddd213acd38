[ -n "$FORMER" ] || fail "it is not known what ran before"
from=$(service "$old")
to=$(service "$new")
share "$from" "$to" "$WEIGHT"
echo "$WEIGHT % of the traffic goes to the service $new"
