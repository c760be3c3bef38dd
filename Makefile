# Everything is incremental: stamps live beside what they vouch for (.venv, web/node_modules,
# src/rapport/web_assets), so deleting a folder is enough to have it made again.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

ARGS ?=

# The newest Python on the machine that is new enough; `make PYTHON=/path/to/python` overrides it.
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(IS_NEW_ENOUGH)' 2>/dev/null && command -v $$p && break; done)
ifeq ($(PYTHON),)
$(error Rapport needs Python 3.11 or newer and found only "$(shell python3 --version 2>&1)"; install one or say `make PYTHON=/path/to/python3.11`)
endif

UV := .tools/uv
BIN := .venv/bin
# The machine's own Python is used, never one that uv would download.
UV_SYNC := UV_PYTHON=$(PYTHON) UV_PYTHON_DOWNLOADS=never $(UV) sync --frozen --inexact --quiet
NPM := PATH="$(CURDIR)/.tools/node-bin:$$PATH" npm --prefix web --no-fund --no-audit --no-update-notifier
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' \
	-not -path '*/tests/*' -not -name '*.test.ts*' -not -name '*.tsbuildinfo' 2>/dev/null)
BENCHES := $(patsubst bench/%.py,%,$(wildcard bench/[a-z]*.py))
WEB_BUILT := src/rapport/web_assets/.built

.PHONY: help setup runtime web demo dev check format test spec bench docs reference wheel clean \
	check-format check-lint check-types check-floors check-house check-web

help: ## Show what make can do here
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Create the environment and build the web (nothing needed but Python 3.11+)
	@$(MAKE) --no-print-directory -s -j2 .venv/.synced-dev $(WEB_BUILT)

demo: ## Start the demo company: shop page with the widget, desk and console
	@$(MAKE) --no-print-directory -s -j2 .venv/.synced $(WEB_BUILT)
	@$(BIN)/rapport demo $(ARGS)

dev: setup ## The demo company with server and web that follow every change
	@PATH="$(CURDIR)/.tools/node-bin:$$PATH" $(BIN)/python -m tools.dev $(ARGS)

check: .venv/.synced-dev web/node_modules/.installed ## Format, lint, types, import contracts, house rules, web types
	@$(MAKE) --no-print-directory --keep-going -j2 --output-sync=target \
		check-format check-lint check-types check-floors check-house check-web

check-format:
	@$(BIN)/ruff format --check --output-format concise .

check-lint:
	@$(BIN)/ruff check --quiet .

check-types:
	@$(BIN)/mypy

check-floors:
	@$(BIN)/lint-imports --no-logo

check-house:
	@$(BIN)/python -m tools.lint_house

check-web:
	@$(NPM) run --silent typecheck

format: .venv/.synced-dev ## Format and repair what ruff can repair
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format .

test: check $(WEB_BUILT) ## Set up and run everything: check, web, unit, api, browser and cluster tests
	@$(NPM) test --silent
	@$(BIN)/python -m tools.provision run -- $(BIN)/pytest $(ARGS)

spec: .venv/.synced-dev ## Specification rows covered by tests, by area (ARGS=--missing lists the others)
	@$(BIN)/python -m tools.spec_report $(ARGS)

bench: setup ## Measure the figures of bench/, one JSON line each (ARGS=redaction: one script)
	@PATH="$(CURDIR)/$(BIN):$(CURDIR)/.tools:$$PATH" $(BIN)/python -m tools.provision run -- sh -c \
		'for name in $(or $(ARGS),$(BENCHES)); do python -m bench.$$name || exit 1; done'

docs: .venv/.synced-docs ## Build the documentation into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict && echo "open site/index.html"

reference: .venv/.synced-dev ## Bring the reference tables of docs/ up to date with the code
	@$(BIN)/python -m tools.reference

wheel: $(UV) $(WEB_BUILT) ## Build the wheel, with the web assets inside, into dist/
	@UV_PYTHON=$(PYTHON) UV_PYTHON_DOWNLOADS=never $(UV) build --quiet && ls -1 dist/*.whl

clean: ## Remove everything that make made here
	@rm -rf .venv .tools dist site web/node_modules src/rapport/web_assets

# --- what the targets above stand on -----------------------------------------------------------

$(UV): tools/provision.py
	@$(PYTHON) -m tools.provision uv

.venv/.synced: pyproject.toml uv.lock | $(UV)
	@$(UV_SYNC) --no-default-groups && touch $@

.venv/.synced-dev: pyproject.toml uv.lock | $(UV)
	@$(UV_SYNC) && touch .venv/.synced $@

.venv/.synced-docs: pyproject.toml uv.lock | $(UV)
	@$(UV_SYNC) --group docs && touch .venv/.synced .venv/.synced-dev $@

.tools/node-bin: | $(UV)
	@$(PYTHON) -m tools.provision node

web/node_modules/.installed: web/package.json web/package-lock.json | .tools/node-bin
	@$(NPM) ci --silent && touch $@

$(WEB_BUILT): $(WEB_SOURCES) web/node_modules/.installed
	@$(NPM) run build >.tools/web-build.log 2>&1 || { cat .tools/web-build.log; exit 1; }
	@mkdir -p $(@D) && touch $@
