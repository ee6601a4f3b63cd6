# rdpscope: `make help` lists the targets. Variables: PREFIX, DESTDIR, V=1 (show everything).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test build lint install uninstall bench lab setup clean live-lab live-hour live-short live-flood live-rate live-operate soak \
  fuzz fuzz-short fuzz-build hostile test-address test-thread release deb reproduce

PREFIX ?= /usr/local
DESTDIR ?=
V ?= 0
BINARY := .build/release/rdpscope
LINUX := $(filter Linux,$(shell uname -s))
# On Linux the binary carries Swift's runtime: it then runs where no Swift is, and starts sooner.
RELEASE := -c release --product rdpscope $(if $(LINUX),--static-swift-stdlib)
COMPLETIONS := bash:bash-completion/completions/rdpscope \
  zsh:zsh/site-functions/_rdpscope fish:fish/vendor_completions.d/rdpscope.fish

# $(call quietly,COMMAND,LOG): the command's output goes to build/LOG, and to the terminal when it fails.
define quietly
mkdir -p build; \
if [ "$(V)" != 0 ]; then $(1) 2>&1 | tee "build/$(2)"; \
elif ! $(1) >"build/$(2)" 2>&1; then \
  grep -E '✘|error:|warning:' "build/$(2)" >&2 || true; \
  echo "--- the end of build/$(2):" >&2; tail -n 30 "build/$(2)" >&2; exit 1; fi
endef

comma := ,

# $(call sanitized,SANITIZER): the tests, built in a folder of their own.
define sanitized
echo "Building and running the tests under the $(1) sanitizer (log: build/test-$(1).log)."; \
$(call quietly,env RDPSCOPE_SANITIZER=$(1) $(SANITIZER_OPTIONS) swift test --scratch-path .build-$(1) --sanitize $(1),test-$(1).log); \
if [ "$(V)" = 0 ]; then tail -n 3 "build/test-$(1).log"; fi
endef
# Swift's runtime keeps what it made for good: no leak of ours.
SANITIZER_OPTIONS := ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/thread-sanitizer.txt

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: build ## build, then say what happened in every capture of Captures/
	@echo "rdpscope analyze Captures"; echo
	@"$(BINARY)" analyze Captures

test: setup ## run every test, then the formatter's check
	@echo "Building and running the tests (log: build/test.log)."
	@$(call quietly,swift test,test.log)
	@if [ "$(V)" = 0 ]; then tail -n 3 build/test.log; fi
	@$(MAKE) --no-print-directory lint

build: setup ## build the command in release mode
	@echo "Building in release mode (log: build/build.log)."
	@$(call quietly,swift build $(RELEASE),build.log)

lint: ## check the layout of all Swift code
	@if swift format --version >/dev/null 2>&1; then \
	  swift format lint --strict --recursive Sources Tests; \
	else echo "This Swift has no formatter: layout not checked."; fi

install: build ## put command, man page and completions under PREFIX (/usr/local)
	@share="$(DESTDIR)$(PREFIX)/share"; \
	install -d "$(DESTDIR)$(PREFIX)/bin" "$$share/man/man1"; \
	install -m 755 "$(BINARY)" "$(DESTDIR)$(PREFIX)/bin/rdpscope"; \
	install -m 644 Docs/rdpscope.1 "$$share/man/man1/rdpscope.1"; \
	for pair in $(COMPLETIONS); do \
	  file="$$share/$${pair#*:}"; mkdir -p "$$(dirname "$$file")"; \
	  "$(BINARY)" --generate-completion-script "$${pair%%:*}" >"$$file"; chmod 644 "$$file"; \
	done; \
	echo "Installed $(DESTDIR)$(PREFIX)/bin/rdpscope, its man page and shell completions."

uninstall: ## remove what install put there
	@rm -f "$(DESTDIR)$(PREFIX)/bin/rdpscope" "$(DESTDIR)$(PREFIX)/share/man/man1/rdpscope.1"
	@for pair in $(COMPLETIONS); do rm -f "$(DESTDIR)$(PREFIX)/share/$${pair#*:}"; done

hostile: build ## analyse the 420 files of the hostile corpus within 2 s and 256 MiB each
	@python3 Tests/Hostile/check.py --command "$(BINARY)"

# A folder of its own for each way of building, so that none undoes the other's work.
FUZZER := .build-fuzz/release/rdpscope-fuzz
MINUTES ?= 60
HARNESSES ?=

fuzz: fuzz-build ## fuzz for MINUTES=60, spread over all harnesses, or over HARNESSES="tls stream"
	@python3 Tests/Fuzz/fuzz.py --binary "$(FUZZER)" --minutes "$(MINUTES)" $(HARNESSES)

fuzz-short: ## fuzz for two minutes
	@$(MAKE) --no-print-directory fuzz MINUTES=2

fuzz-build: setup
	@echo "Building the fuzzer (log: build/fuzz-build.log)."
	@$(call quietly,env RDPSCOPE_FUZZ=1 swift build -c release --product rdpscope-fuzz \
	  --scratch-path .build-fuzz --sanitize fuzzer -Xswiftc -sanitize=fuzzer$(comma)address \
	  -Xswiftc -enforce-exclusivity=checked -Xswiftc -g,fuzz-build.log)

test-address: setup ## run the tests under the address sanitizer
	@$(call sanitized,address)

test-thread: setup ## run the tests under the thread sanitizer
	@$(call sanitized,thread)

# The folder that it is built in leaves no trace in a release.
MAPPED := -Xcc -ffile-prefix-map=$(CURDIR)=. -Xcxx -ffile-prefix-map=$(CURDIR)=. \
  -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=.

release: setup ## make the tarball (and on Debian the package) of build/release
	@echo "Building the release (log: build/release.log)."
	@$(call quietly,swift build $(RELEASE) --scratch-path .build-release $(MAPPED),release.log)
	@Packaging/package.sh .build-release/release/rdpscope build/release

reproduce: ## make the release twice, in two folders, and compare
	@Packaging/check_reproducible.sh

deb: release ## make the Debian package, install it into a folder of its own, use and remove it
	@Packaging/check_deb.sh "$$(ls -t build/release/*.deb | head -1)" Captures/nla-required

bench: build ## time it on captures of 1 GB and on decryption; its memory under a SYN flood
	@python3 Tests/Benchmarks/bench.py --command "$(BINARY)"
	@python3 Tests/Benchmarks/memory.py --command "$(BINARY)"
	@python3 Tests/Benchmarks/flood.py --command "$(BINARY)"
	@if python3 -c 'import cryptography' 2>/dev/null; then \
	  python3 Tests/Benchmarks/decrypt.py --command "$(BINARY)"; \
	else echo "Decryption is not timed: python3-cryptography is missing."; fi
	@if command -v valgrind >/dev/null; then \
	  python3 Tests/Benchmarks/keyless.py --command "$(BINARY)"; \
	else echo "What decryption costs without keys is not counted: valgrind is missing."; fi

live-lab: build ## watch real connections fail in network namespaces (root, xrdp, FreeRDP)
	@/usr/bin/python3 Tests/Live/live_lab.py --command "$(BINARY)"

live-hour: build ## send an hour of packets through live capture in a minute and watch its memory
	@python3 Tests/Live/hour.py --command "$(BINARY)"

# With what `make test` has built; a busy machine may be late.
live-short: setup ## the same thinned out, and real connections that fail, where those can be made
	@$(call quietly,swift build --product rdpscope,build-debug.log)
	@python3 Tests/Live/hour.py --command .build/debug/rdpscope --pause 60
	@/usr/bin/python3 Tests/Live/live_lab.py --command .build/debug/rdpscope --slack 2

live-flood: build ## send a million SYNs in a minute at live capture (root)
	@/usr/bin/python3 Tests/Live/flood.py --command "$(BINARY)"

live-rate: build ## replay the bench's mixed capture at live capture and at tcpdump (root, tcpreplay)
	@/usr/bin/python3 Tests/Live/rate.py --command "$(BINARY)"

live-operate: build ## what happens to an operator: full disks, readers that stop, interfaces that go (root, tcpreplay)
	@/usr/bin/python3 Tests/Live/operate.py --command "$(BINARY)"

MINUTES ?= 5
soak: build ## replay traffic at live capture for MINUTES (5) and watch its memory (root, tcpreplay)
	@/usr/bin/python3 Tests/Live/soak.py --command "$(BINARY)" --minutes $(MINUTES)

lab: ## record the captures of Captures/ anew (root, minutes; see Captures/Lab)
	@/usr/bin/python3 Captures/Lab/lab.py record all

setup: ## install what building needs (libpcap); Swift 6.2 or later must be there
	@version=$$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p'); \
	major=$${version%%.*} minor=$${version#*.}; \
	if (( $${major:-0} < 6 || ($${major:-0} == 6 && $${minor:-0} < 2) )); then \
	  echo "rdpscope needs Swift 6.2 or later; found $${version:-none}." >&2; \
	  echo "Get it from https://www.swift.org/install$(if $(LINUX),, or with Xcode 26)." >&2; exit 1; \
	fi
ifneq ($(LINUX),)
	@if ! { pkg-config --exists libpcap && [ -e "$$(pkg-config --variable=includedir libpcap)/pcap.h" ]; } 2>/dev/null; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  if ! command -v apt-get >/dev/null || { [ -n "$$sudo" ] && ! command -v sudo >/dev/null; }; then \
	    echo "Install libpcap's development files and pkg-config first" \
	      "(on Debian and Ubuntu, as root: apt-get install libpcap-dev pkg-config)." >&2; exit 1; \
	  fi; \
	  echo "Installing libpcap-dev and pkg-config."; \
	  export DEBIAN_FRONTEND=noninteractive; mkdir -p build; \
	  { $$sudo apt-get -qq update && $$sudo apt-get -qqy install libpcap-dev pkg-config; } \
	    >build/setup.log 2>&1 || { tail -n 20 build/setup.log >&2; exit 1; }; \
	fi
else
	@xcrun --show-sdk-path >/dev/null 2>&1 || { \
	  echo "Install Xcode or its command line tools first: xcode-select --install" >&2; exit 1; }
endif

clean: ## remove everything built here
	@rm -rf .build .build-release .build-fuzz .build-address .build-thread build
