# What a contributor runs. `make` alone lists it.

.PHONY: help demo test platforms matrix mutants pins bench fuzz dist wheel clean
.NOTPARALLEL:
.DEFAULT_GOAL := help

# For example `make test CARGO_FLAGS=--locked`.
CARGO_FLAGS ?=
FUZZ_SECONDS ?= 600
MATRIX ?= all

help: ## say what there is to run
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## build, apply the example with a real Terraform, lint a good and a broken example
	@tests/parts/prerequisites demo
	@python3 tests/demo/demo.py

test: ## run every check and every test; installs the real parts under target/parts the first time
	@tests/parts/prerequisites test
	@echo "==> formatting: rustfmt --check"
	@git ls-files '*.rs' | xargs rustfmt --check # cargo fmt passes over modules that a macro declares
	@echo "==> lints: cargo clippy"
	@cargo clippy $(CARGO_FLAGS) --workspace --all-targets -- -D warnings
	@echo "==> building the tests: cargo test --no-run"
	@cargo test $(CARGO_FLAGS) --workspace --no-run
	@echo "==> tests: cargo test"
	@cargo test $(CARGO_FLAGS) --workspace --quiet
	@echo "==> pages of the crates: cargo doc"
	@RUSTDOCFLAGS="-D warnings" cargo doc $(CARGO_FLAGS) --workspace --no-deps --quiet
	@echo "==> all tests passed"

platforms: ## run the scripts of all platforms with their own clients; installs these the first time, in minutes
	@tests/parts/prerequisites test
	@cargo clippy $(CARGO_FLAGS) --package stanchion-tests --test clouds -- -D warnings
	@cargo test $(CARGO_FLAGS) --package stanchion-tests --test platforms --test clouds

matrix: ## run the cases of conformance on every Terraform; MATRIX=ends: oldest, newest, OpenTofu; UPDATE=1
	@tests/parts/prerequisites test
	@cargo build $(CARGO_FLAGS) --workspace --bins --examples --quiet
	@$(or $(CARGO_TARGET_DIR),target)/debug/matrix $(MATRIX) $(if $(UPDATE),--update)

mutants: ## take each cure of docs/pitfalls.md out once, and see its test fail; ROWS="17 22" picks some
	@tests/parts/prerequisites test
	@python3 tests/mutants/mutants.py $(ROWS)

pins: ## check the pinned actions against clones in CLONES/owner/name; UPDATE=1 writes them anew
	@cargo run $(CARGO_FLAGS) --quiet --package stanchion-tests --bin pins -- \
		provider/model/data/action-pins.json $(or $(CLONES),target/clones) $(if $(UPDATE),--update)

bench: ## measure both programs' speed and size, beside others in one run; BENCH=linter measures one
	@tests/parts/prerequisites test
	@tests/parts/prerequisites bench
	@python3 tests/bench/bench.py $(BENCH)

fuzz: ## fuzz each decoder for FUZZ_SECONDS (600); FUZZ_TARGETS names some of them only
	@tests/parts/prerequisites fuzz
	@python3 tests/fuzz/fuzz.py $(FUZZ_TARGETS) --seconds $(FUZZ_SECONDS)

dist: ## build the files of a release for this machine, in target/dist
	@tests/parts/prerequisites dist
	@python3 tests/dist/dist.py

wheel: ## pack the linter for PyPI, for this machine, in target/dist
	@tests/parts/prerequisites dist
	@cargo install --locked --path lint --target-dir $(or $(CARGO_TARGET_DIR),target) --root target/dist/installed
	@packaging/pypi/pack.py target/dist/installed/bin/stanchion

clean: ## remove all that was built or installed
	@cargo clean --quiet
	@rm -rf target
