# Everything a person types here is one of these; `make help` lists them.
# Another interpreter: make test PYTHON=python3.13 VENV=.venv313

PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
BIN := $(VENV)/bin
SETUP := PYTHON="$(PYTHON)" VENV="$(VENV)" scripts/setup.sh
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" --all-extras pyproject.toml

.DEFAULT_GOAL := help
# Parallel recipes would not hand the terminal's input to the chat.
.NOTPARALLEL:
.PHONY: help chat test check format lint types rules bench soak lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

chat: $(VENV)/.runtime ## Open the chat with the sample club (the first time: set up)
	@exec $(BIN)/python -m bot chat --sample

test: check ## Check everything: the checks, then all tests on SQLite and PostgreSQL
	@scripts/postgres.sh run scripts/say.sh "All tests, $(JOBS) at a time" \
		$(BIN)/python -m pytest -q -n $(JOBS) --ignore tests/rules

check: lint types rules ## Check format, lint, types and the rules of the house

format: $(VENV)/.dev ## Put the code into the house's format, with the safe fixes
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format .

lint: $(VENV)/.dev
	@scripts/say.sh "Format" $(BIN)/ruff format --check --quiet .
	@scripts/say.sh "Lint" $(BIN)/ruff check --quiet .

types: $(VENV)/.dev
	@scripts/say.sh "Types" $(BIN)/mypy --no-error-summary

rules: $(VENV)/.dev
	@scripts/say.sh "Rules of the house" $(BIN)/python -m pytest -q tests/rules

bench: $(VENV)/.dev ## Measure the hot paths against their baselines
	@$(BIN)/python -m benchmarks

soak: $(VENV)/.dev ## Run long, with kills and faults, and print a report (half an hour)
	@$(BIN)/python -m pytest -q -s -o python_files='soak_*.py' tests/soak

lock: $(VENV)/.dev ## Pin the dependencies of pyproject.toml anew, with hashes
	@$(LOCK) --group build --output-file requirements/runtime.txt
	@$(LOCK) --group dev --constraint requirements/runtime.txt \
		--output-file requirements/dev.txt

clean: ## Remove what was made here: the environment, caches and builds
	@rm -rf "$(VENV)" build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: set-up runs again only when the pins or the project's own metadata changed. What it
# says goes to stderr and it reads nothing, since stdin and stdout belong to the chat.
$(VENV)/.runtime: requirements/runtime.txt pyproject.toml scripts/setup.sh
	@$(SETUP) runtime </dev/null >&2

$(VENV)/.dev: requirements/dev.txt pyproject.toml scripts/setup.sh
	@$(SETUP) dev </dev/null >&2
