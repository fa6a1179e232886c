# Needs Python 3.11 or newer, make and git; everything else goes into .venv. `make` lists what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What looks after the dependencies, kept apart from them.
TOOLS := .venv-tools
# More for pytest, as in: make test ARGS="-k keyring"
ARGS ?=

.PHONY: help demo test matrix live fuzz check bench pictures lock audit clean
.DEFAULT_GOAL := help

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/installed ## try codalink on a simulated accounting office, nothing real is touched
	@$(BIN)/codalink demo

# Workers take from each other what is left: some files take much longer than others.
test: $(VENV)/installed-dev ## run all tests, side by side
	@.ci/prepare
	@$(BIN)/pytest --numprocesses=auto --maxprocesses=8 --dist=worksteal $(ARGS)

# Odoo's versions to try, as in: make live ODOO=19
ODOO ?=

live: $(VENV)/installed-dev ## test against real Odoo 17, 18 and 19 servers, with Docker; tests/live/README.md
	@$(BIN)/python -m tests.live $(ODOO) -- $(ARGS)

matrix: $(VENV)/installed-dev ## every cell of the fault matrix, of which the tests run a share; the better part of an hour
	@MATRIX_SHARE=1 $(BIN)/pytest tests/matrix --numprocesses=auto --maxprocesses=8 --dist=worksteal --timeout=3600 $(ARGS)

# Inputs for each of the properties in tests/fuzz.
EXAMPLES ?= 2000

fuzz: $(VENV)/installed-dev ## try new inputs on everything that reads what servers and files say; make fuzz EXAMPLES=10000
	@FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/pytest --numprocesses=auto --dist=worksteal tests/fuzz $(ARGS)

check: $(VENV)/installed-dev ## style, types, and which part of codalink may use which
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/installed-dev ## how fast codalink is, as ratios; some minutes
	@$(BIN)/python -m tests.bench

pictures: $(VENV)/installed-dev ## draw the README's pictures anew, from what the program shows
	@$(BIN)/python -m tests.pictures.make

lock: $(TOOLS)/installed ## renew constraints.txt, the versions that are installed here and in CI
	@$(TOOLS)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev --no-annotate \
	  --custom-compile-command 'make lock' --output-file constraints.txt pyproject.toml

audit: $(TOOLS)/installed ## ask whether a vulnerability is known in what constraints.txt names; needs the internet
	@.ci/audit $(TOOLS)/bin/pip-audit

clean: ## remove what the other targets made
	rm -rf $(VENV) $(TOOLS) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find codalink tests -name __pycache__ -type d -prune -exec rm -rf {} +

# In the versions that constraints.txt names, so that everybody has the same. Where they can't be had, others will do, and that is said.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
define install
	@$(INSTALL) --constraint constraints.txt --editable '$(1)' || { \
	  echo "That didn't work in the versions of constraints.txt; trying with the newest ones." >&2; $(INSTALL) --editable '$(1)'; }
endef

# Each stamp says that this much is installed as pyproject.toml asks for; the second includes the first.
$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(call install,.)
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(call install,.[dev])
	@touch $(VENV)/installed $@

$(TOOLS)/installed:
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check pip-audit uv
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "codalink needs Python 3.11 or newer, and '$(PYTHON)' isn't; name another one: make PYTHON=python3.12 ..." >&2; \
	  exit 1; }
	@echo "Installing into $(VENV), this once ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
