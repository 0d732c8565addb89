# `make help` lists the targets.
GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 20s
SEED ?= $(shell date +%s)
ROOMS ?= 10000
PAGES ?= ../shared/docs/*

.PHONY: help demo test long chaos grow generate check lint race fuzz bench locks spec speclint mutate audit record record-live interop browser screenshots counts release

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

demo: ## run every operation on an emulator
	go run ./cmd/nimroom demo

test: ## run all tests
	go test ./...

long: ## run the repeating tests with their full number of rounds
	NIMROOM_LONG=1 go test -timeout 20m $$(grep -rl --include='*_test.go' 'long\.Rounds(' --exclude-dir=contrib . | xargs -n1 dirname | sort -u)
	NIMROOM_LONG=1 go -C contrib/bulk test -timeout 20m -skip Fleet ./cmd/nimroom-bulk

chaos: ## make 100,000 calls over a network that goes wrong in every way, and count what callers were told wrong; SEED repeats its faults
	NIMROOM_LONG=1 go test -count=1 -v -run TestNobodyIsToldWrong ./internal/chaos -args -seed $(SEED)

grow: ## add an invented operation to a copy of the repository, and show what a person writes for it
	go run ./internal/grow

generate: ## generate all code and spec/dist/ from spec/openapi.yaml
	go generate ./...

spec: generate ## the same as generate, which also writes the published files

mutate: ## check that the tests of the spec notice seeded faults; write spec/MUTATION.md
	go test ./spec -run TestGatesCatchFaults -v -args -mutants 10 -report

release: ## copy the published files of the spec to spec/released/VERSION, where they are never edited again
	go run ./internal/release/cmd "$(VERSION)"

speclint: ## check the published files with Redocly CLI, Spectral, newman and Prism (needs Node 20.19 or newer)
	cd spec/lint && npm ci --no-audit --no-fund --ignore-scripts
	node spec/lint/check.mjs
	node spec/lint/postman.mjs
	node spec/lint/prism.mjs

audit: ## compare the documentation pages PAGES with their records
	go run ./cmd/nimroom audit $(PAGES)

counts: ## update the numbers by which tests notice that they check too little
	go test -p 1 -count=1 $$(grep -rl --include='*_test.go' nimroom/internal/golden . | xargs -n1 dirname | sort -u) -args -counts

check: ## run everything that CI runs
	bash .ci/run

lint: ## run go vet and the linters of .golangci.yml
	go vet ./...
	go run $(GOLANGCI_LINT) run ./...

race: ## run all tests under the race detector
	go test -race ./...

fuzz: ## run each fuzz target for FUZZTIME
	@set -e; dir=$$(mktemp -d); trap 'rm -r "$$dir"' EXIT; \
	for package in $$(go list ./...); do \
		folder=$$(go list -f '{{.Dir}}' $$package); \
		grep -qs '^func Fuzz' "$$folder"/*_test.go || continue; \
		go test -c -fuzz . -o "$$dir/test" $$package; \
		for target in $$(cd "$$folder" && "$$dir/test" -test.list '^Fuzz'); do \
			echo "-- $$package $$target"; \
			(cd "$$folder" && "$$dir/test" -test.run '^$$' -test.fuzz "^$$target\$$" -test.fuzztime $(FUZZTIME) \
				-test.fuzzcachedir "$$(go env GOCACHE)/fuzz/$$package"); \
		done; \
	done

bench: ## run the benchmarks, in pairs; ROOMS is the number of rooms for the memory benchmark
	go test -run '^$$' -bench . ./internal/bench/...
	go test -run '^$$' -bench . ./emulator/internal/journal
	go test -run '^$$' -bench Memory -benchtime 1x ./emulator/internal/state -args -rooms $(ROOMS)

locks: ## profile how much time 64 goroutines on one client spend on locks; see the first lines for the share
	@dir=$$(mktemp -d); trap 'rm -r "$$dir"' EXIT; \
	go test -run '^$$' -bench EngineParallel -benchtime 5s -o "$$dir/bench.test" -cpuprofile "$$dir/cpu" ./internal/bench && \
	go tool pprof -top -cum -focus 'sync\.\(\*(RW)?Mutex\)' "$$dir/bench.test" "$$dir/cpu"

record: ## record the emulator and fill in the READMEs, which needs the compiled code
	go run ./internal/record/cmd emulator
	go test -count=1 ./examples/cassettes -args -keep
	go run ./internal/readme

record-live: ## record against the real service: NIM_APP_KEY, NIM_APP_SECRET, NIM_ACCOUNTS=a,b,... (and as wrapper.FromEnv); YES=1 does not ask
	go run ./internal/record/cmd live $(if $(YES),-yes)

interop: ## run clients in other languages, the vendor's tests and schemathesis against the emulator; write interop/results.json
	cd interop && go run .
	go run ./internal/readme
	bash interop/vendor-java/run.sh || [ $$? = 3 ] # 3: the vendor's repository cannot be had; the script has reported it
	bash interop/schemathesis/run.sh

browser: ## test the reference page and the console in headless Chromium; SHOTS=folder saves screenshots
	cd docs/browsertest && go test -count=1 ./... -args -shots "$(if $(SHOTS),$(abspath $(SHOTS)))"

screenshots: ## make the screenshots of the console that the README shows
	@dir=$$(mktemp -d); trap 'rm -r "$$dir"' EXIT; \
	(cd docs/browsertest && go test -count=1 -run TestConsole . -args -shots "$$dir") && \
	cp "$$dir/console-room-light.png" docs/console-room.png && \
	cp "$$dir/console-requests.png" docs/console-requests.png && \
	cp "$$dir/console-room-dark.png" docs/console-dark.png
