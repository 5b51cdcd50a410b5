# Every command of the project; `make` lists them.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-quick lint clean
.PHONY: bench bench-load bench-efficiency bench-length bench-side-by-side bench-engine
.PHONY: bench-startup bench-profile bench-backfill bench-autoscaling bench-second-try bench-regression
.PHONY: bench-service

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-19s %s\n", $$1, $$2}'

# What it takes to serve, and on top of it what it takes to develop, in the releases of locks/dev.txt.
$(BIN)/newsbrief: pyproject.toml locks/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint locks/dev.txt --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml locks/dev.txt $(BIN)/newsbrief
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint locks/dev.txt --editable '.[dev]'
	@touch $@

run: $(BIN)/newsbrief ## Serve the bundled pack on http://127.0.0.1:8000
	$(BIN)/newsbrief serve

# Two files of tests at a time, and no more: many start servers that use several cores.
test: $(VENV)/.dev lint ## Run every check and the whole test suite
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-quick: $(VENV)/.dev ## Run the tests that take no more than a few seconds each
	$(BIN)/python -m pytest -m "not slow"

lint: $(VENV)/.dev ## Check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench-load: $(VENV)/.dev ## Play newsrooms against the service: bursts, editors, overload, soak
	$(BIN)/python -m loadtests.scenarios

bench-efficiency: $(VENV)/.dev ## Compare the service with the limit that its engine sets
	$(BIN)/python -m loadtests.efficiency

bench-length: $(VENV)/.dev ## Measure articles of 1 to 10,000 words in 1 to 3 languages
	$(BIN)/python -m loadtests.article_length

bench-side-by-side: $(VENV)/.dev ## Compare with LibreTranslate and others, same weights
	$(BIN)/python -m loadtests.side_by_side

bench-engine: $(VENV)/.dev ## Measure threads, batches, beams and arithmetic
	$(BIN)/python -m loadtests.engine_choices

bench-service: $(VENV)/.dev ## Measure the service's settings on articles
	$(BIN)/python -m loadtests.service_choices

bench-startup: $(VENV)/.dev ## Measure the time from start to ready, by phase
	$(BIN)/python -m loadtests.start_up

bench-profile: $(VENV)/.dev ## Show where a request's time goes
	$(BIN)/python -m loadtests.profile_request

bench-backfill: $(VENV)/.dev ## Measure archive runs
	$(BIN)/python -m loadtests.backfill

bench-autoscaling: $(VENV)/.dev ## Measure one pod and simulate a day of a fleet
	$(BIN)/python -m loadtests.autoscaling.measure
	$(BIN)/python -m loadtests.autoscaling.simulate
	$(BIN)/python -m loadtests.autoscaling.tables

bench-second-try: $(VENV)/.dev ## Show what a second try cures, and what it costs
	$(BIN)/python -m loadtests.second_try

bench-regression: $(VENV)/.dev ## Fail if the pipeline got grossly slower beside its engine
	$(BIN)/python -m loadtests.regression
	$(BIN)/python -m loadtests.regression --prove

bench: bench-load bench-efficiency bench-length bench-side-by-side bench-engine ## Run them all
bench: bench-service bench-startup bench-profile bench-backfill bench-autoscaling bench-second-try bench-regression

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
