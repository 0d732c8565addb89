# `make help` lists the targets.
GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 20s
ROOMS ?= 10000
PAGES ?= ../shared/docs/*

.PHONY: help demo test long generate check lint race fuzz bench locks spec speclint mutate audit record record-live interop browser counts

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

demo: ## run every operation on an emulator
	go run ./cmd/nimroom demo

test: ## run all tests
	go test ./...

long: ## all rounds of the tests that do a few of them by default
	go test -count=1 $$(grep -rl --include='*_test.go' nimroom/internal/long . | xargs -n1 dirname | sort -u) -args -long

generate: ## derive all generated code and spec/dist/ from spec/openapi.yaml
	go generate ./...

spec: generate ## the same: the published files come with it

mutate: ## seed faults into the spec; writes spec/MUTATION.md
	go test ./spec -run TestGatesCatchFaults -v -args -mutants 10 -report

speclint: ## the published files under Redocly CLI and newman (needs Node 20.19 or newer)
	cd spec/lint && npm ci --no-audit --no-fund
	node spec/lint/check.mjs
	node spec/lint/postman.mjs

audit: ## compare the documentation pages PAGES with the spec
	go run ./cmd/nimroom audit $(PAGES)

counts: ## write anew the numbers by which tests notice that they no longer look at everything
	go test -p 1 -count=1 $$(grep -rl --include='*_test.go' nimroom/internal/golden . | xargs -n1 dirname | sort -u) -args -counts

check: ## everything that CI checks
	bash .ci/run

lint: ## go vet and the linters of .golangci.yml
	go vet ./...
	go run $(GOLANGCI_LINT) run ./...

race: ## all tests under the race detector
	go test -race ./...

fuzz: ## every fuzz target for FUZZTIME each
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

bench: ## the benchmarks, in pairs; ROOMS says for how many rooms memory is measured
	go test -run '^$$' -bench . ./internal/bench/...
	go test -run '^$$' -bench . ./emulator/internal/journal
	go test -run '^$$' -bench Memory -benchtime 1x ./emulator/internal/state -args -rooms $(ROOMS)

locks: ## what 64 goroutines on one client spend on locks: the share of all samples is in its summary
	@dir=$$(mktemp -d); trap 'rm -r "$$dir"' EXIT; \
	go test -run '^$$' -bench EngineParallel -benchtime 5s -o "$$dir/bench.test" -cpuprofile "$$dir/cpu" ./internal/bench && \
	go tool pprof -top -cum -focus 'sync\.\(\*(RW)?Mutex\)' "$$dir/bench.test" "$$dir/cpu"

record: ## do what needs the compiled code: record the emulator, fill in the READMEs
	go run ./internal/record/cmd emulator
	go run ./internal/readme

record-live: ## record against the real service: NIM_APP_KEY, NIM_APP_SECRET, NIM_ACCOUNTS=a,b,... (NIM_BASE_URL)
	go run ./internal/record/cmd live

interop: ## clients of other languages, the vendor's and schemathesis against the emulator; writes interop/results.json
	cd interop && go run .
	go run ./internal/readme
	bash interop/vendor-java/run.sh || [ $$? = 3 ] # 3: Maven's repositories do not have the SDK, as it said
	bash interop/schemathesis/run.sh

browser: ## use the reference page in headless Chromium; SHOTS=folder keeps pictures of it
	cd docs/browsertest && go test -count=1 ./... -args -shots "$(if $(SHOTS),$(abspath $(SHOTS)))"
