# The developer's command: `make help` lists what it can do.  Meson and ninja do the building.
#
# build/        release
# build-check/  AddressSanitizer and UndefinedBehaviorSanitizer, what the tests run
# build-fuzz/   the same with libFuzzer, by clang

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 600
SOAK_TIMES ?= 100
DIFFER_MINUTES ?= 10
BUILD = build
CHECK = build-check
FUZZ = build-fuzz
NINJA = ninja -C
SANITIZE = -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false

.PHONY: all demo test check fmt bench fuzz soak differ oracle install clean help setup-build setup-test setup-bench setup-oracle \
	build build-check

all: setup-build build ## install what is missing and build build/wireyard

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 10

demo: all ## run examples/memo.sh in a yard and show each step with a verdict
	tools/demo

test: setup-test build build-check ## everything: all suites, with the leak checks
	tests/run.py

check: build-check ## the inner loop, under a minute: unit, lab, fuzz corpus, format, layers
	tests/run.py --suite style,unit,lab,fuzz

fmt: ## format all C files in place
	tests/format.py --fix

bench: setup-bench build ## measure against the kernel's devices; writes bench/results
	bench/run

fuzz: setup-test $(FUZZ)/build.ninja ## fuzz each target for FUZZ_SECONDS (600)
	$(NINJA) $(FUZZ)
	fuzz/run $(FUZZ) $(FUZZ_SECONDS)

soak: setup-test build-check ## the soak test, SOAK_TIMES (100) times as long as in `make test`
	WIREYARD=$(CURDIR)/$(CHECK)/wireyard SOAK_TIMES=$(SOAK_TIMES) tests/soak/soak.py

differ: setup-test build-check ## chance scripts, kernel against yard, for DIFFER_MINUTES (10); DIFFER="--storm ..."
	WIREYARD=$(CURDIR)/$(CHECK)/wireyard tests/kernel/differential.py --minutes $(DIFFER_MINUTES) \
		--seed $${SEED:-$$(date +%s)} $(DIFFER)

oracle: setup-oracle ## ask a distribution's kernel, in QEMU, what tests/oracle expects
	tests/oracle/oracle.py record

install: all ## install to DESTDIR and PREFIX (/usr/local)
	meson configure $(BUILD) -Dprefix=$(abspath $(PREFIX))
	meson install -C $(BUILD) $(if $(DESTDIR),--destdir $(abspath $(DESTDIR)))

clean: ## remove all that was built
	rm -rf $(BUILD) $(CHECK) $(FUZZ)

setup-build setup-test setup-bench setup-oracle:
	@tools/setup $(@:setup-%=%)

build: $(BUILD)/build.ninja
	@$(NINJA) $(BUILD) --quiet

build-check: $(CHECK)/build.ninja
	@$(NINJA) $(CHECK) --quiet

$(BUILD)/build.ninja:
	@meson setup $(BUILD) -Dbuildtype=release >$(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }; rm -f $(BUILD).log

$(CHECK)/build.ninja:
	@meson setup $(CHECK) $(SANITIZE) >$(CHECK).log 2>&1 || { cat $(CHECK).log; exit 1; }; rm -f $(CHECK).log

$(FUZZ)/build.ninja:
	CC=clang meson setup $(FUZZ) $(SANITIZE) -Dlibfuzzer=true
