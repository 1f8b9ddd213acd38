[ -n "$FORMER" ] || fail "it is not known what runs, so nothing can be put beside it"
weight=$(weight_of "$new")
if [ "$weight" != 0 ]; then
  fail "the Deployment $new has traffic already: another deployment is on its way"
fi
[ "$count" -gt 0 ] || count=1
echo "the Deployment $new gets $IMAGE, $count replicas and no traffic"
run "$new" "$IMAGE" "$count"
wait_for_addresses "$new"
