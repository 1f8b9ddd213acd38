run "$DEPLOY" || fail "\`deploy\` failed"
