# shellcheck shell=bash

fail() {
  echo "::error::$*" >&2
  exit 1
}

# A command of the configuration, as a step of its own would run it.
run() {
  bash --noprofile --norc -eo pipefail -c "$1"
}
