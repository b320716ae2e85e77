# On Record: `make` lists what can be done. The environment in .venv makes and mends itself.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
export ONRECORD_HOME ?= .onrecord
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# As typed: a $ in it is not a variable of make, a quote in it not one of the shell.
export QUESTION := $(value Q)

ifneq (,$(filter ask,$(MAKECMDGOALS)))
ifeq (,$(strip $(QUESTION)))
$(error Ask what? For example: make ask Q="What did Việt Nam and Japan agree on?")
endif
endif

.PHONY: help run ask test lint types evaluate figures record bench campaign clean home

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

# An article of seeds/ that was corrected or removed since stays so.
run: .venv/.installed ## Index the articles in seeds/ and serve the chat page on this machine
	@[[ -e "$$ONRECORD_HOME/library.sqlite" ]] || .venv/bin/onrecord add seeds
	@.venv/bin/onrecord build
	@.venv/bin/onrecord serve

ask: home ## Answer one question: make ask Q="What did Japan promise?"
	@.venv/bin/onrecord ask -- "$$QUESTION"

test: lint types ## Run every check: lint, types, tests
	@.venv/bin/python -m pytest

lint: .venv/.installed-test ## Check style and format
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

types: .venv/.installed-test ## Check the types
	@.venv/bin/mypy

evaluate: home ## Score retrieval and answers on the question set
	@.venv/bin/onrecord evaluate tests/data/questions.jsonl

figures: .venv/.installed ## Measure the public sets too: make figures DATA=folder
	@[[ -d "$(DATA)" ]] || { echo "Which folder holds the sets? make figures DATA=folder" >&2; exit 1; }
	@PYTHONPATH=. .venv/bin/python tests/figures.py "$(DATA)"

record: .venv/.installed-test ## Score what is read for the record against labelled sentences
	@.venv/bin/python -m tests.record_score --misses

bench: home ## Time a reply beside a plain hybrid search, in one run
	@PYTHONPATH=. .venv/bin/python tests/bench_ask.py "$$ONRECORD_HOME" tests/data/questions.jsonl

CAMPAIGNS := kill power damage disk serving overload slow stopping fuzz

campaign: ## Kill, damage, fill and rebuild homes at length, or one: make campaign-kill
	@failed=; for name in $(CAMPAIGNS); do \
		$(MAKE) --no-print-directory campaign-$$name || failed="$$failed $$name"; done; \
		[[ -z "$$failed" ]] || { echo "failed:$$failed" >&2; exit 1; }

# make campaign-kill ARGS="--quick --seed 7"; make campaign-latency DATA=folder
campaign-%: .venv/.installed-test
	@PYTHONPATH=. .venv/bin/python -m tests.campaigns.$* $(DATA) $(ARGS)

clean: ## Remove the environment and the caches; the library in .onrecord stays
	@rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An index of seeds/, unless the home folder has one.
home: .venv/.installed
	@if [[ ! -e "$$ONRECORD_HOME/CURRENT" ]]; then \
		{ .venv/bin/onrecord add seeds && .venv/bin/onrecord build; } >&2; \
	fi

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || { \
		echo "On Record needs Python 3.11 or newer, and $(PYTHON) is" \
			"$$($(PYTHON) --version 2>&1 || true). Name another: make PYTHON=python3.11 …" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "$(PYTHON) cannot make environments. On Debian: apt-get install python3-venv" >&2; \
		exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.installed: pyproject.toml | .venv/bin/python
	@echo "Installing On Record into .venv; the first time takes some minutes" >&2
	@.venv/bin/python -m pip install --quiet -e .
	@touch $@

.venv/.installed-test: pyproject.toml | .venv/bin/python
	@echo "Installing On Record and its checks into .venv; the first time takes some minutes" >&2
	@.venv/bin/python -m pip install --quiet -e ".[test]"
	@touch .venv/.installed $@
