# Needs Go, git and a POSIX make and sh; all else comes by itself.
.POSIX:

GO = go
# A count: go test sometimes fails a target whose time merely ran out.
FUZZTIME = 20000x
SOAKSTEPS = 10000000
TESTFLAGS =

# The first target is what plain make does.
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' Makefile | while read -r target text; do \
		printf '  %-14s %s\n' "$$target" "$$text"; done

build: ## build bin/latch
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/latch ./cmd/latch

demo: build ## make a three-host lattice in demo/, rotate its key and show it
	@$(GO) build -o bin/simulate ./internal/wasmbus/wasmbustest/simulate
	@sh scripts/demo.sh

demo-fleet: build ## rotate the key of a team's three hosts, with nobody in charge
	@$(GO) build -o bin/simulate ./internal/wasmbus/wasmbustest/simulate
	@sh scripts/demo-fleet.sh

test: ## run all tests; installs what they need on Debian as root
	@sh scripts/test.sh $(TESTFLAGS)

# Tests that start latch as a process are left out: under the race detector each
# start takes a second, and TestNoCommandLeaksASeed runs every command within its own.
# What repeats one thing with thousands of inputs does so with fewer (-short): the
# detector looks at who shares memory, not at what is in it. The rules about the
# sources, and the programs that package latch and write its pages, are left out.
PROCESSES = Scripts AgeScripts KeyringScripts PreCommitHooks QuickStarts DocsConsole DocsScreens \
	Recipes RecipesInCI ActionInputs ActionRunsNoInput ActionInstalls \
	RotationByHand AnUnattendedRotation RotationsAtOnce KilledRotation Chaos TenHostsStartAtOnce \
	KilledAtEveryStep EnvWriteKilled EnvExecGivesItsChildNoDescriptors ExecGivesTheLimitBack \
	KeyringNeverHoldsACommand AManifestOfSomebodyElseAboveIsNotUsed WhatIsLinked \
	NoSeedTouchesTheDisk NoCoreIsDumped NoDumpHoldsASeed MemoryIsPrivate

nothing :=
space := $(nothing) $(nothing)

# Where goroutines share what they change.
SHARED = ./internal/bounded ./internal/invocation/tap ./internal/keystore/bucket ./internal/natsconn ./internal/rollout/... \
	./internal/terminal ./internal/wasmbus/...

race-shared: ## run the tests of what goroutines share under the race detector
	$(GO) test -race -timeout 30m $(TESTFLAGS) $(SHARED)

race: ## run the tests under the race detector, in short, but those that start processes
	@PACKAGES="$$($(GO) list ./... | grep -Ev "/internal/(architecture|packaging|pages)")" sh scripts/test.sh -race -short -skip '^Test($(subst $(space),|,$(strip $(PROCESSES))))$$' $(TESTFLAGS)

test-windows: ## run the Windows keystore and access lists under wine, if it is here
	@sh scripts/test-windows.sh

test-deps: ## install or name the programs that tests compare with
	@sh scripts/test-deps.sh

fuzz: ## run every fuzz target on FUZZTIME inputs, or for 1m
	@sh scripts/fuzz.sh $(FUZZTIME)

soak: ## the long forms of random tests, with a fresh seed each time
	$(GO) test ./internal/rotation -run '^TestRandomMachines$$' -count=1 -v -timeout 60m -steps=$(SOAKSTEPS)
	$(GO) test ./internal/lattice -run 'Update|Touches|Original' -count=1 -timeout 60m -rapid.checks=20000

CHAOSTIME = 5m
chaos: ## rotate for CHAOSTIME while latch, hosts and the NATS server are killed
	$(GO) test ./cmd -run '^TestChaos$$' -count=1 -v -timeout 60m -chaos $(CHAOSTIME)

cover: ## print how much of each package the tests run
	@sh scripts/cover.sh

interop: ## hold keys and invocations against the crates that hosts link; needs cargo
	@sh scripts/interop.sh

interop-vault: ## hold the vault: keystore against a real Vault or OpenBao; builds one where there is none
	@sh scripts/interop-vault.sh

# What the table of make bench shows; it takes about a minute.
BENCHTIME = 300ms
BENCHMARKS = ^Benchmark(Startup|Generate|Bulk|Vanity|VanityAgainstNk|GoNkeys|CheckPublicKey|Verify|Many|Sign|Write|Tree|Hosts|Fleet|IssueAll)$$
BENCHED = ./cmd ./internal/keys ./internal/invocation ./internal/env ./internal/scan ./internal/rotation ./internal/lattice ./internal/credentials/users

bench: ## print one table: latch by named limits and peers, and how time grows
	@$(GO) test -run '^$$' -bench '$(BENCHMARKS)' -benchtime $(BENCHTIME) -timeout 30m $(BENCHED) | $(GO) run ./internal/pages/bench

measure: ## print what whole commands take for ten thousand hosts; needs GNU time
	@sh scripts/measure.sh

lint: ## run the linters, for Linux and for Windows, and look for dead code
	@sh scripts/tool.sh golangci-lint run ./...
	@GOOS=windows sh scripts/tool.sh golangci-lint run ./...
	@sh scripts/deadcode.sh

vet: ## build and vet for Linux, Windows and macOS
	@for os in linux windows darwin; do \
		echo "build and vet for $$os"; \
		GOOS=$$os CGO_ENABLED=0 $(GO) build ./... || exit 1; \
		GOOS=$$os CGO_ENABLED=0 $(GO) vet ./... || exit 1; \
	done

# The packages whose tests write and compare the pages that come from code.
DOCS = ./cmd ./internal/architecture ./internal/lattice ./internal/pages

docs: ## write the pages that come from code
	$(GO) test $(DOCS) -run TestDocs -count=1 -update

docs-check: ## fail when they are not what make docs writes
	@$(GO) test $(DOCS) -list '^TestDocs' | grep '^TestDocs'
	$(GO) test $(DOCS) -run TestDocs -count=1

additions: ## try on a copy what CONTRIBUTING.md says of adding something
	@sh scripts/additions.sh

tidy-check: ## fail when go.mod or go.sum is not tidy
	$(GO) mod tidy -diff

snapshot: ## build, sign and verify the release of the last commit in dist/
	@rm -rf dist && sh scripts/snapshot.sh dist

snapshot-test: ## install, use, upgrade and remove what make snapshot built
	@test -f dist/checksums.txt || $(MAKE) snapshot
	LATCH_SNAPSHOT=$$PWD/dist $(GO) test ./internal/packaging -run '^TestSnapshot' -count=1 -v $(TESTFLAGS)

release-check: ## build the release twice and compare; needs a commit
	@sh scripts/release-check.sh

workflows: ## judge the workflows of GitHub and the action
	@sh scripts/tool.sh actionlint

vulnerabilities: ## look for known ones in what latch calls; needs the network
	@sh scripts/tool.sh govulncheck ./...

ci: ## all that a change must pass
	@.ci/run

nightly: ## what takes too long for every change
	@.ci/nightly

clean: ## remove what make made, except built tools
	rm -rf bin dist .staged demo

.PHONY: help build demo demo-fleet test race race-shared test-windows test-deps fuzz soak chaos cover interop interop-vault bench measure lint vet docs docs-check additions tidy-check snapshot snapshot-test release-check workflows vulnerabilities ci nightly clean
