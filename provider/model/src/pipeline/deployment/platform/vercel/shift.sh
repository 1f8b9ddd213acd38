[ "$WEIGHT" = 100 ] || fail "Vercel's domains lead to one deployment, not $WEIGHT % to one"
id=$(staged)
promote "$id"
