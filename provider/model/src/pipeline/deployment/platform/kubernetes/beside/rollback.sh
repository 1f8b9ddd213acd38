if [ -z "$FORMER" ]; then
  echo "it is not known what ran before, so there is nothing to bring back"
  exit
fi
weight=$(weight_of "$new")
found=$(deployment "$new")
beside=$(image_in "$found")
if [ "$weight" != 0 ] && [ "$beside" != "$IMAGE" ]; then
  echo "the Deployment $new runs $beside, which another deployment put there: it stays"
  exit
fi
found=$(deployment "$old")
runs=$(image_in "$found")
if [ "$weight" = 0 ] && [ "$runs" != "$was" ]; then
  echo "the Deployment $old runs $runs, which another deployment put there: it stays"
  exit
fi
echo "the Deployment $old goes back to $was with $count replicas"
run "$old" "$was" "$count"
[ "$count" = 0 ] || wait_for_addresses "$old"
share "$old" "$new" 0
echo "100 % of the traffic goes to the Deployment $old"
if [ "$beside" = "$IMAGE" ]; then
  scale_down "$new"
fi
