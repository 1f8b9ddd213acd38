[ -n "$FORMER" ] || fail "it is not known what ran before"
found=$(service "$old")
weight=$(weight_of "$found")
if [ "$weight" != 0 ]; then
  fail "the service $old has traffic still, so it stays"
fi
scale_down "$old"
