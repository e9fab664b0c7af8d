# The one place to learn the commands. CARGO_TARGET_DIR is honoured everywhere.
.PHONY: run cluster analytics-cluster analytics-stories test test-all test-names ci advice sweep check parity kafka-parity kafka-freshness soak build dist e2e bench bench-pairs embed fmt openapi sdk web

# Build the pages and a development binary, start the demo, and print the links. Ctrl-C stops it.
run:
	@scripts/run.sh

# The same on a cluster: PostgreSQL, Redis, three nodes and nginx as local processes in a temporary folder.
cluster:
	@scripts/cluster.sh

# The demo with its numbers computed by Flink behind Kafka, as local processes in a temporary folder. Gets Kafka from Maven and Flink from PyPI.
analytics-cluster:
	@scripts/analytics-cluster.sh

# The browser stories on that demo: the panel fed by Flink, while Kafka hangs and a task manager is killed.
analytics-stories:
	cd e2e && { [ -d node_modules ] || npm ci --no-audit --no-fund; } && npm run -s typecheck
	@scripts/analytics-cluster.sh e2e/node_modules/.bin/playwright test --config e2e/behind-kafka.config.ts

# The gate, the same tests each time: Rust on SQLite and PostgreSQL, web, the stories marked @must. Installs missing packages; ends with "N passed, N failed".
test:
	@scripts/test.sh

# The gate and everything else: long fault campaigns, all stories, the calls of the API document, the comparison with Flink.
test-all:
	@scripts/test.sh all

# The names of what `make test` runs, one per line: they are the same in every clone of a commit. Runs none of it.
test-names:
	@scripts/test-names.sh

# What CI runs, as CI does: the gate in a fresh clone of what is committed. If it passed, the head stands in .git/ci-passed.
ci:
	@scripts/ci.sh

# What a change made longer or less readable, compared with BASE (origin/main, or the commit before). Never fails.
advice:
	@node scripts/advice.mjs "$(BASE)"

# All of the sweeps (accessibility, sizes, hostile text) on some pages: make sweep PAGES="/console/goods /account"
sweep: web
	cargo build -p yingda
	cd e2e && { [ -d node_modules ] || npm ci --no-audit --no-fund; } && PAGES="$(PAGES)" npm test -- everywhere sizes trials

# The fast half: formatting, lints (which run while the tests compile), unit tests, types. Leaves out `bench`, `bot-lab`, `kafka` and `parity`, as every command without --workspace does.
check:
	@command -v redis-server >/dev/null || scripts/install.sh redis-server
	cargo fmt --all --check
	scripts/linted.sh cargo test --no-run -q
	scripts/linted.sh cargo test --lib --bins -q -- --skip tests::stories:: --skip tests::matrix::
	cd web && { [ -d node_modules ] || npm ci --no-audit --no-fund; } && npm run -s lint && npm run -s typecheck

# Every indicator on the reducer, SQLite, PostgreSQL and Flink from the same 100,000 events, for 20 seeds. Gets Flink from PyPI; takes hours.
parity:
	@scripts/parity.sh

# The same numbers through Kafka and Flink, while the relay, the broker, the task manager and the job manager are killed in turn at 20 points.
kafka-parity:
	@EVENTS="$${EVENTS:-100000}" POINTS="$${POINTS:-20}" RATE="$${RATE:-250}" scripts/kafka-parity.sh

# How long viewers of the live panel wait for a message to be counted behind Kafka and Flink: RATE messages a second, seen by VIEWERS viewers.
kafka-freshness:
	@scripts/analytics-freshness.sh

# The Rust tests and the browser stories, three times on a slowed-down machine: what fails here would fail occasionally elsewhere. Takes hours.
soak:
	@scripts/soak.sh

# Release binaries with the pages inside: yingda and yingda-bench.
build: web
	cargo build --release -p yingda -p bench

# A release in target/dist: an archive for each processor that needs no compiler, an SBOM and checksums. Each archive is checked in a bare Debian 12.
dist:
	@scripts/dist.sh

# Browser stories on the real binary.
e2e: web
	cargo build -p yingda
	cd e2e && { [ -d node_modules ] || npm ci --no-audit --no-fund; } && npm test

# Measure the performance promises: messages, idle connections, faults.
bench: build
	@scripts/bench.sh

# The message path and the memory of idle connections against an earlier revision, in turn on this machine: make bench-pairs BASE=<revision>
bench-pairs: build
	@node scripts/bench-pairs.mjs "$(BASE)"

# Models of sentence embeddings in a folder: the loader, its errors and its arithmetic, with a tiny model that the test makes. Compiles tokenizers and ndarray.
embed:
	scripts/linted.sh cargo test -p embedding --features embed

fmt:
	cargo fmt --all
	cd web && npm run -s format

# The API document. The types of the pages are made from it when they are checked (scripts/types.sh).
openapi:
	@git config merge.ours.driver true # .gitattributes says which files it is for
	scripts/linted.sh cargo run -q -p yingda -- openapi > docs/openapi.json.new && mv docs/openapi.json.new docs/openapi.json

# The SDKs for programs, in sdk/{typescript,python}: what is generated from the API document.
sdk:
	@scripts/sdk.sh build

# The pages whose sources have changed.
web:
	@scripts/web.sh
