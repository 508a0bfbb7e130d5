# What a person types. Nothing here is needed by `swift build` and `swift test` but the library that
# `deps` installs.

SWIFT ?= swift
PREFIX ?= /usr/local
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: run test lint format picture bench knife-edge memory trust docs install deps

run: deps
	@echo "Building tilewalk: the first time, two to four minutes on two cores."
	@start=$$(date +%s); $(SWIFT) build -c release --product tilewalk && \
	  echo "Built in $$(($$(date +%s) - start)) s. The demo plays by itself; any key takes over, q ends it."
	.build/release/tilewalk demo

test: deps
	$(SWIFT) test

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	$(SWIFT) format lint --strict --recursive Benchmarks/Package.swift Benchmarks/Benchmarks
	$(SWIFT) build --explicit-target-dependency-import-check error
	cd Benchmarks && $(SWIFT) build

format:
	$(SWIFT) format --in-place --recursive Package.swift Plugins Sources Tests \
	  Benchmarks/Package.swift Benchmarks/Benchmarks

# The rooms in ARCHITECTURE.md, as they are.
picture:
	TILEWALK_DRAW=1 $(SWIFT) test --filter RoomTests

bench:
	cd Benchmarks && $(SWIFT) package benchmark --target Speed

# Every number of a device changed by a fifth: what becomes of the errors.
knife-edge:
	$(SWIFT) build -c release --product tilewalk
	cd Benchmarks && $(SWIFT) run -c release KnifeEdge ../.build/release/tilewalk ../Devices

# What recordings take: bytes for each event should not grow with the problem. Needs GNU time.
memory:
	$(SWIFT) build -c release --product tilewalk
	cd Benchmarks && $(SWIFT) run -c release Memory ../.build/release/tilewalk

# How far the model is from what was measured.
trust:
	$(SWIFT) build -c release --product tilewalk
	.build/release/tilewalk reproduce --format markdown > Documentation/trust.md

docs:
	$(SWIFT) build -c release --product tilewalk
	@while read -r name options; do \
	  .build/release/tilewalk export svg $$options > Documentation/$$name || exit 1; \
	done < Documentation/pictures.txt
	$(SWIFT) package --allow-writing-to-directory .build/documentation generate-documentation \
	  --target Machine --target Notation --target Kernels --disable-indexing --output-path .build/documentation \
	  --symbol-graph-minimum-access-level package --enable-experimental-combined-documentation

install: deps
	$(SWIFT) build -c release --product tilewalk
	install -D .build/release/tilewalk $(DESTDIR)$(PREFIX)/bin/tilewalk

# ncurses with wide characters, where pkg-config does not find it.
deps:
	@pkg-config --exists ncursesw 2>/dev/null || \
	  { $(SUDO) apt-get update -q && $(SUDO) apt-get install -y -q libncurses-dev pkg-config; }
