# Targets for people and for CI; `make` alone lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin
SETS ?= $(wildcard ../shared/eval/*/)

.PHONY: help install demo test check bench ranker

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@echo "Installing into .venv, about a minute…"
	@$(PYTHON) -m venv --without-pip --clear .venv
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev,fast]'
	@touch $@

.venv/engines: .venv/installed
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev,fast,bench]'
	@touch $@

install: .venv/installed ## create .venv with pinned versions

demo: install ## try the bot in a browser, without a Telegram token
	@$(BIN)/doslovno sandbox --bot --port $(PORT)

test: install ## run the whole test suite
	$(BIN)/python -m pytest

check: install ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

ranker: install ## train the ranker anew on test sets: make ranker SETS="DIR DIR"
	$(BIN)/python -m retrieval.training --stages $(SETS)

bench: .venv/engines ## measure what the README's figures say, beside other engines, about an hour
	$(BIN)/python -m retrieval.evaluate
	$(BIN)/python -m tests.benchmarks.answers
	$(BIN)/python -m tests.benchmarks.questions
	$(BIN)/python -m tests.benchmarks.topics
	$(BIN)/python -m tests.benchmarks.subscribers
	$(BIN)/python -m tests.benchmarks.delivery --drops before half
	$(BIN)/python -m tests.benchmarks.http
	$(BIN)/python -m tests.benchmarks.scale --charts data/bench
	$(BIN)/python -m tests.benchmarks.reloading
	$(BIN)/python -m tests.benchmarks.whole
