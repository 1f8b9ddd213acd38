[ -n "$FORMER" ] || fail "it is not known what ran before"
weight=$(weight_of "$old")
if [ "$weight" != 0 ]; then
  fail "the Deployment $old has traffic still, so it stays"
fi
scale_down "$old"
