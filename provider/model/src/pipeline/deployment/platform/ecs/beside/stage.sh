[ -n "$FORMER" ] || fail "it is not known what runs, so nothing can be put beside it: run the step before anew"
found=$(service "$new")
weight=$(weight_of "$found")
if [ "$weight" != 0 ]; then
  fail "the service $new has traffic already: another deployment is on its way"
fi
[ "$count" -gt 0 ] || count=1
revision=$(with_image "${TASK_DEFINITION:-$definition}")
echo "the service $new gets ${revision##*/} with $IMAGE, $count tasks and no traffic"
run "$new" "$revision" "$count"
