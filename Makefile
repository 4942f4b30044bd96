# August. `make run` starts it, `make test` tests it; everything needed is installed on the way, once.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= data

VENV := .venv
PY := $(VENV)/bin/python
NODE_BIN := $(CURDIR)/$(VENV)/bin
# The newest Python that answers; shims that only look like one do not.
FIND_PYTHON = for name in python3.11 python3 python3.12 python3.13 python3.14 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; exit 0; fi; \
	done; echo "August needs Python 3.11 or newer on the PATH." >&2; exit 1
PIP := $(PY) -m pip -qq install --disable-pip-version-check --require-hashes
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
NODE_MODULES := build/.node-modules-installed
ASSETS := build/.assets-built
ASSET_SOURCES := $(shell find frontend/static frontend/icons -type f 2>/dev/null) $(wildcard frontend/*.py frontend/*.txt)

export PYTHONPATH := backend

.PHONY: help run test check bench shots lock clean

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(RUNTIME) $(ASSETS) ## Start August (PORT=8000 HOST=127.0.0.1 DATA=data)
	@AUGUST_HOST='$(HOST)' AUGUST_PORT='$(PORT)' AUGUST_DATA='$(DATA)' exec $(PY) -m august.cli serve

test: $(DEV) $(ASSETS) ## Run all tests: unit, integration on both databases, browser
	@$(PY) tests/tools/postgres.py
	@$(PY) tests/tools/browser.py
	@$(PY) -m tests.tools.worlds
	$(PY) -m pytest -n 2 --dist loadgroup $(wildcard tests e2e)

CHECKS := \
	"$(PY) -m ruff check ." \
	"$(PY) -m mypy" \
	"$(VENV)/bin/lint-imports --no-logo" \
	"$(PY) tests/tools/templates.py" \
	"$(PY) tests/tools/translations.py" \
	"$(PY) tests/tools/locks.py" \
	"$(PY) -m august.cli check-seeds" \
	"$(PY) -m august.cli check-migrations"

check: $(DEV) ## Run every static check, all of them even when one fails
	@failed=; for step in $(CHECKS); do \
		echo "> $$step"; $$step || failed="$$failed\n  $$step"; \
	done; [ -z "$$failed" ] || { echo -e "\nFailed:$$failed"; exit 1; }

bench: $(DEV) $(ASSETS) ## Run the benchmarks and print their numbers
	$(PY) -m pytest tests/benchmarks -s -o python_files='bench_*.py' -o timeout=600

shots: $(DEV) $(ASSETS) ## Take pictures of every page into shots/
	@$(PY) tests/tools/browser.py
	$(PY) -m e2e.shots

lock: $(DEV) ## Pin the dependencies anew
	$(LOCK) $(UPGRADE) requirements.in -o requirements.lock
	$(LOCK) $(UPGRADE) requirements-dev.in -o requirements-dev.lock

clean: ## Remove what can be made again (never the data)
	rm -rf build frontend/dist frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(PY):
	@python=$$($(FIND_PYTHON)); $$python -m venv $(VENV)

$(RUNTIME): requirements.lock | $(PY)
	@echo "Installing the Python packages ..."
	@$(PIP) -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@echo "Installing the tools for checks and tests ..."
	@$(PIP) -r requirements-dev.lock
	@touch $@

$(NODE_MODULES): frontend/package-lock.json frontend/package.json frontend/.npmrc $(RUNTIME)
	@echo "Installing the front-end packages ..."
	@cd frontend && PATH="$(NODE_BIN):$$PATH" npm ci --silent
	@mkdir -p build && touch $@

$(ASSETS): $(NODE_MODULES) $(ASSET_SOURCES)
	@$(PY) frontend/build_assets.py
	@mkdir -p build && touch $@
