# The one place to learn the commands. CARGO_TARGET_DIR is honoured everywhere.
.PHONY: run cluster test check soak build e2e bench fmt openapi web

# Build the pages and a development binary, start the demo, print the ways in. Ctrl-C stops it.
run:
	@scripts/run.sh

# The same on a cluster: PostgreSQL, Redis, three nodes and nginx as local processes in a temporary folder.
cluster:
	@scripts/cluster.sh

# Everything: Rust on SQLite and PostgreSQL, web, browser. Installs what is missing; ends with "N passed, N failed".
test:
	@scripts/test.sh

# The fast half: formatting, lints (run while the tests compile), unit tests, types.
check:
	cargo fmt --all --check
	scripts/linted.sh cargo test --workspace --no-run -q
	scripts/linted.sh cargo test --workspace --lib --bins -q -- --skip tests::stories:: --skip tests::matrix::
	cd web && npm run -s typecheck

# Everything that waits, three times on a machine that is made slow: what fails here would fail now and then elsewhere. Hours.
soak:
	@scripts/soak.sh

# Release binaries with the pages inside: yingda and yingda-bench.
build: web
	cargo build --release -p yingda -p bench

# Browser stories on the real binary.
e2e: web
	cargo build -p yingda
	cd e2e && { [ -d node_modules ] || npm ci --no-audit --no-fund; } && npm test

# The promises, measured: messages, idle connections, faults.
bench: build
	@scripts/bench.sh

fmt:
	cargo fmt --all

# The API document and the types made of it.
openapi:
	cargo run -q -p yingda -- openapi > docs/openapi.json.new && mv docs/openapi.json.new docs/openapi.json
	cd web && npx openapi-typescript ../docs/openapi.json -o api/src/schema.ts

# The pages, where their sources changed.
web:
	@scripts/web.sh
