# Every target can be run on a fresh checkout: it calls scripts/setup first where it needs to.
# Times are those of a machine with two cores; see CONTRIBUTING.md.

# Engines of tests that run beside each other wait for each other: a few at a time take half as long.
FEW := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=3
CHECKED := --explicit-target-dependency-import-check error
SWIFT_FILES := Sources Tests Benchmarks Package.swift
SHELL_FILES := scripts/* .ci/run

.PHONY: setup test-setup build demo test docs fuzz sanitize torture bench format lint shell-check clean

setup:
	@./scripts/setup

# And the PostgreSQL server that tests start.
test-setup:
	@./scripts/setup --tests

build: setup
	swift build $(CHECKED)

demo: setup
	@echo 'demo: building takes about 5 minutes the first time; the demonstration itself 1 minute'
	swift build --product plumb
	swift run --skip-build plumb demo

test: test-setup
	@echo 'test: about 25 minutes the first time, of which the tests themselves take 20'
	swift build --build-tests $(CHECKED)
	$(FEW) swift test --skip-build --skip '^KPIEngineTests'
	@echo 'test: the engine room by itself, for it measures memory'
	swift test --skip-build --filter '^KPIEngineTests'
	@$(MAKE) --no-print-directory lint

# Does what the walkthroughs, the guides and README.md say, and writes what the program prints below
# their commands. Look at the difference before it is committed: a page must not follow a fault.
docs: setup
	swift build --build-tests
	PLUMB_UPDATE_DOCS=1 swift test --skip-build --filter '^HouseTests.DocumentTests'
	git diff --stat -- README.md docs

# The formula language against any bytes, FUZZ_SECONDS (600) long.
fuzz: setup
	./scripts/fuzz

# Data races, in the rooms that are Swift alone. KPIModel is built with Yams, whose C sources are
# built with the sanitizer too. The engine is a library built without it, and is left out.
sanitize: setup
	swift test --sanitize=thread --scratch-path .build-thread \
		--filter '^(KPICore|KPIFormula|KPIModel|KPIQuery|KPIReport|KPIDemo)Tests'

# Kills a load again and again: the records are those of before or those of after.
torture: setup
	./scripts/torture

bench: setup
	@echo 'bench: about 5 minutes to build, 20 s to make the records once, 1 to 5 minutes to measure'
	swift build -c release --product plumb-bench
	.build/release/plumb-bench

format:
	swift format --in-place -r $(SWIFT_FILES)

lint: shell-check
	swift format lint --strict -r $(SWIFT_FILES)

shell-check:
	@for file in $(SHELL_FILES); do bash -n $$file || exit 1; done
	@if command -v shellcheck >/dev/null; then shellcheck $(SHELL_FILES); \
		else echo 'shell-check: syntax only, for shellcheck is not installed'; fi

clean:
	rm -rf .build .build-thread .build-fuzz demo Benchmarks/.data
