# Two commands: `make demo` and `make test`. Everything they need is set up once and kept in .venv and .stamps.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PY := .venv/bin/python
RUN := .venv/bin
NPM := $(PY) tools/npm.py
ARGS ?=
JOBS ?= 3
# A story starts a dozen processes: let each find its modules compiled, whatever the shell says (empty: do write them).
export PYTHONDONTWRITEBYTECODE :=

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: setup web ## A city in one terminal: broker, cloud, three stations, people pressing buttons (ARGS="--seconds 30 ...")
	$(PY) -m bench.demo $(ARGS)

test: setup web ## Every test, over real parts (JOBS=3 at once: they wait for one another more than for the machine)
	$(RUN)/pytest -n $(JOBS) --dist loadfile -m "not story" $(ARGS) || [ $$? = 5 ]
	$(RUN)/pytest -n $(JOBS) -m story $(ARGS) || [ $$? = 5 ]

check: setup web-deps ## Format, lint, types, layers, tests of the web code
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(NPM) run check
	$(NPM) run lint
	$(NPM) test

faults: setup web ## Run the stories and write docs/faults.md
	TCDS_FAULTS=docs/faults.md $(RUN)/pytest -m story $(ARGS)

test-bluez: setup ## The real bluetoothd and kernel in a small QEMU machine; takes minutes
	$(RUN)/pytest tests/bluez/real_bluez.py $(ARGS)

bench: setup web ## All benchmarks, into bench/results.json
	$(PY) -m bench

format: setup ## Mend what the formatters can mend
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .
	$(NPM) run format

wire-docs: setup ## Write docs/wire.md and docs/asyncapi.json from wire/
	$(PY) -m tools.wire_docs

lock: ## Choose newer versions of the libraries
	$(RUN)/uv pip compile -q pyproject.toml --all-extras --group dev --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --upgrade -o requirements.lock

clean: ## Remove everything that was made here
	rm -rf .venv .stamps dashboards/node_modules dashboards/dist bench/results.json

setup: .stamps/packages .stamps/python

.stamps/python: requirements.lock pyproject.toml
	bash tools/python.sh
	@mkdir -p .stamps && touch $@

.stamps/packages: tools/packages.sh
	bash tools/packages.sh
	@mkdir -p .stamps && touch $@

web-deps: .stamps/web-deps
web: dashboards/dist/.built

.stamps/web-deps: dashboards/package-lock.json .stamps/python
	$(NPM) ci --no-audit --no-fund
	@mkdir -p .stamps && touch $@

dashboards/dist/.built: .stamps/web-deps $(shell find dashboards -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
	$(NPM) run build
	@touch $@

.PHONY: help demo test check faults test-bluez bench format wire-docs lock clean setup web web-deps
