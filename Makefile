# Every target sets up .venv by itself. Windows: see the README.

PYTHON ?= $(shell for python in python3.12 python3.13 python3.11 python3 python; do \
	$$python -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	>/dev/null 2>&1 && echo $$python && break; done)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

.PHONY: demo test fast check lessons docs wheel

demo: .venv/ready  ## show the digits, grade the exercise, grade the solution
	@$(BIN)/workshop demo

test: .venv/ready-dev  ## all tests: the fast ones, then those that train
	$(PYTEST) -m "not slow"
	$(PYTEST) -m slow --durations=20

fast: .venv/ready-dev  ## the tests that need no TensorFlow
	$(PYTEST) -m "not slow"

check: .venv/ready-dev  ## form, lint, types, and every promise of every lesson
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/workshop dev check

lessons: .venv/ready-dev  ## derive the exercises and prove all lessons by running them
	$(BIN)/workshop dev update
	$(BIN)/workshop dev check --run
	WORKSHOP_DATA=drawn $(BIN)/workshop dev run

docs: .venv/ready-dev  ## derive requirements.txt and the derived pages of docs
	$(BIN)/workshop dev update
	$(BIN)/python -m benchmarks.measured

wheel: .venv/ready-dev  ## build the wheel, with the course in it, into dist/
	$(BIN)/python -m build --wheel

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found. Install one, or name it: make PYTHON=/path/to/python3.12"; exit 2; }
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python pyproject.toml
	@echo "Installing the kit into .venv (some minutes the first time) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/ready-dev: .venv/bin/python pyproject.toml
	@echo "Installing the kit and its tools into .venv (some minutes the first time) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@ .venv/ready
