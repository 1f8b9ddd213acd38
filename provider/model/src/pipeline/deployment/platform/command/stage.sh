run "$STAGE" || fail "\`stage\` failed"
