# Footlight. Every target is a short script; `make` alone lists them.
SHELL := /bin/bash
GO ?= go
T ?= 30s
SEED ?= 1
SEEDS ?= 10000
N ?= 100,1000,10000,100000

GOFUMPT  := $(GO) run mvdan.cc/gofumpt@v0.12.0
GOLANGCI := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: help run build plugins test check race sim fuzz bench bench-match bench-path bench-plugins gen tools

help: ## what the targets do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

build: ## bin/footlight
	@$(GO) build -trimpath -o bin/footlight ./host/cmd/footlight

plugins: tools ## the modules of plugins/, each made with the tools of its language
	@GO="$(GO)" plugins/build.sh

run: build ## the welcome bot on your desk: nothing needed but Go
	@bin/footlight dev scripts/welcome

test: tools build plugins ## everything, against a real redis-server and a real browser
	CI=$${CI:-true} $(GO) test ./...
	cd sdk/go && $(GO) vet ./... && $(GO) test ./...
	sdk/c/build.sh --test sdk/c/test/everything_test.c
	sdk/c/build.sh --test sdk/c/template/newdirection_test.c
	GO="$(GO)" plugins/build.sh --test
	bin/footlight test scripts/welcome scripts/tea scripts/harbor

check: ## format, vet, lint, tidy, generated files fresh, and nothing left behind
	@test -z "$$($(GOFUMPT) -l host sdk plugins)" || { echo "gofumpt would change:"; $(GOFUMPT) -l host sdk plugins; exit 1; }
	$(GO) vet ./...
	$(GOLANGCI) run --allow-parallel-runners ./...
	$(GO) mod tidy -diff
	$(GO) mod verify
	$(GO) test ./host/archtest
	$(MAKE) --no-print-directory gen
	@test -z "$$(git status --porcelain)" || { echo "the tree is not clean:"; git status --short; exit 1; }

sim: tools ## SEEDS (default 10000) simulated installations, half of them on each store; SEED=N begins elsewhere
	@for store in bolt redis; do \
	  $(GO) test ./host/simulator -run '^TestSeeds$$' -count 1 -timeout 0 -v -store $$store -seed $(SEED) -seeds $$(($(SEEDS) / 2)) || exit 1; done

race: tools ## the host's packages under the race detector
	CI=$${CI:-true} $(GO) test -race ./host/...

fuzz: ## every fuzz target for T (default 30s each); an input of interest is made small for 20 runs, not a minute
	@set -e; for pkg in $$($(GO) list ./host/...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(T) -fuzzminimizetime 20x $$pkg; done; done

bench: tools ## figures: a turn, the accept path, the build of a script
	$(GO) test -run '^$$' -bench . -benchmem ./host/... ./sdk

bench-match: ## the search for a trigger among N, beside its targets and npm rivescript; N=1000 is a quick look, ARGS=-json for machines
	@with=""; npm=host/cmd/yardstick/npm; \
	if command -v npm >/dev/null; then npm ci --silent --prefix $$npm && with="-npm $$npm" || exit 1; \
	else echo "npm is not here: brains are not measured beside npm rivescript" >&2; fi; \
	$(GO) run ./host/cmd/yardstick -n $(N) $$with $(ARGS)

bench-path: tools build ## the path of a message through real hosts, beside its targets; ARGS="-soak 10m" watches memory too, ARGS="-reloads 1000" reloads longer
	$(GO) build -o bin/stopwatch ./host/cmd/stopwatch
	bin/stopwatch $(ARGS)

bench-plugins: tools plugins ## plug-ins in each language: the path of a tag, first calls, metering, admission, loading, memory, and what others feel of hostile ones
	$(GO) test -run '^$$' -bench '^Benchmark(Path|First)$$' ./sdk
	$(GO) test -run '^$$' -bench '^Benchmark(Metering|Admission|Load|Idle|Clean)$$' ./host/sandbox/plugin
	$(GO) test -run '^$$' -bench '^BenchmarkCalled$$' ./host/bot
	$(GO) test -run '^$$' -bench '^BenchmarkBeside$$' -benchtime 1x ./host/bot

gen: ## files made from others: the contract of directions; the reference of diagnostics; QuickJS and libraries from npm if they are missing
	$(GO) generate ./...
	@$(GO) test ./host/script/diag -run '^TestReferenceIsFresh$$' -gen

tools: ## what the tests need beside Go, by apt-get where that is possible
	@missing=""; \
	command -v redis-server >/dev/null || missing="$$missing redis-server"; \
	command -v wasm-validate >/dev/null || missing="$$missing wabt"; \
	command -v clang-19 >/dev/null || command -v clang >/dev/null || missing="$$missing clang-19"; \
	command -v wasm-ld-19 >/dev/null || command -v wasm-ld >/dev/null || missing="$$missing lld-19"; \
	sdk/rust/build.sh --rustc >/dev/null 2>&1 || missing="$$missing rustc libstd-rust-dev-wasm32 lld"; \
	command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$$missing chromium"; \
	if [ -n "$$missing" ]; then \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; \
	  else echo "the tests need$$missing: install them with your package manager (Debian: sudo apt-get install$$missing)"; exit 1; fi; \
	fi
	@sdk/as/node.sh
