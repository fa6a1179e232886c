# Needs Python 3.11 or newer, make and git; everything else goes into .venv. `make` lists what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# More for pytest, as in: make test ARGS="-k keyring"
ARGS ?=

.PHONY: help demo test matrix live check bench pictures clean
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

check: $(VENV)/installed-dev ## style, types, and which part of codalink may use which
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/installed-dev ## how fast codalink is, as ratios; some minutes
	@$(BIN)/python -m tests.bench

pictures: $(VENV)/installed-dev ## draw the README's pictures anew, from what the program shows
	@$(BIN)/python -m tests.pictures.make

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find codalink tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp says that this much is installed as pyproject.toml asks for; the second includes the first.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(VENV)/installed $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "codalink needs Python 3.11 or newer, and '$(PYTHON)' isn't; name another one: make PYTHON=python3.12 ..." >&2; \
	  exit 1; }
	@echo "Installing into $(VENV), this once ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
