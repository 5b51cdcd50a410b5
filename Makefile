# Every command of the project; `make` lists them.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-quick lint clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# What it takes to serve, and on top of it what it takes to develop.
$(BIN)/newsbrief: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(BIN)/newsbrief
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

run: $(BIN)/newsbrief ## Serve the bundled pack on http://127.0.0.1:8000
	$(BIN)/newsbrief serve

test: $(VENV)/.dev lint ## Run every check and the whole test suite
	$(BIN)/python -m pytest

test-quick: $(VENV)/.dev ## Run the tests that take no more than a few seconds each
	$(BIN)/python -m pytest -m "not slow"

lint: $(VENV)/.dev ## Check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
