# Virkestoff. Needs Python 3.11 or newer, make and a package index; everything else is set up here.
#
#   make study    set up, then answer the antibiotics commission (report as web page, PDF and Word)
#   make test     set up, then run every check: style, types, import contract, tests
#   make help     all targets and settings

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV  ?= .venv
STUDY ?= antibiotics
OUT   ?=
DRAWS ?=
PORT  ?=
DEMO  ?=
REPORT_LANGUAGE ?=
TESTS ?=

# The first Python on the path that is new enough and can make a virtual environment.
USABLE := import sys, venv, ensurepip; raise SystemExit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	if $$name -c '$(USABLE)' >/dev/null 2>&1; then echo $$name; break; fi; done)

BIN  := $(VENV)/bin
PINS := requirements/constraints.txt
SOURCES_OF_ENVIRONMENT := pyproject.toml $(PINS)

.PHONY: help study test lint types architecture pytest hub hub-test bench docs clean

help:
	@echo 'make study   set up, run the study "$(STUDY)", end with its alternatives and report paths'
	@echo 'make test    set up, then ruff, mypy --strict, import contract and pytest'
	@echo 'make lint | types | architecture | pytest    one of these checks'
	@echo 'make hub     set up the site and serve it; DEMO=1 shows synthetic companies'
	@echo 'make hub-test    the site in tests and in Chromium, where that is installed'
	@echo 'make docs    write the generated reference pages again'
	@echo 'make bench   side by side with peers; times, so never part of the tests'
	@echo 'make clean   remove the environment, builds and caches'
	@echo ''
	@echo 'Settings:    STUDY=$(STUDY)  DRAWS=200  OUT=folder  REPORT_LANGUAGE=nb  TESTS=tests/evidence'
	@echo '             VENV=$(VENV)  PYTHON=$(PYTHON)'

study: $(VENV)/core.stamp
	$(BIN)/virkestoff study run $(STUDY) $(if $(DRAWS),--draws $(DRAWS)) \
		$(if $(OUT),--out $(OUT)) $(if $(REPORT_LANGUAGE),--lang $(REPORT_LANGUAGE))

test: lint types architecture pytest

lint: $(VENV)/test.stamp
	$(BIN)/ruff check src tests $(wildcard docs studies benchmarks)

types: $(VENV)/test.stamp
	$(BIN)/mypy --strict -p virkestoff -p virkestoff_hub

architecture: $(VENV)/test.stamp
	$(BIN)/lint-imports

pytest: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(TESTS)

hub: $(VENV)/hub.stamp
	$(BIN)/virkestoff hub serve $(if $(PORT),--port $(PORT)) $(if $(DEMO),--demo)

hub-test: $(VENV)/hub.stamp $(VENV)/test.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(PINS) --editable '.[hub-test]'
	$(BIN)/python -m pytest tests/hub

docs: $(VENV)/test.stamp
	$(BIN)/python docs/reference/generate.py

bench: $(VENV)/hub.stamp
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) .bench build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is made anew when what it is made from changes, so it never holds leftovers.
$(VENV)/core.stamp: $(SOURCES_OF_ENVIRONMENT)
	@if [ -z '$(PYTHON)' ] || ! $(PYTHON) -c '$(USABLE)' >/dev/null 2>&1; then \
		echo 'Virkestoff needs Python 3.11 or newer with the modules venv and ensurepip; none was found.' >&2; \
		echo 'Install it (Debian and Ubuntu: apt-get install python3 python3-venv), or name one:' >&2; \
		echo '    make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)' >&2; \
		exit 1; fi
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	@echo 'Installing the core (about half a minute) ...'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(PINS) --editable .
	@touch $@

$(VENV)/hub.stamp: $(VENV)/core.stamp
	@echo 'Installing what the site needs ...'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(PINS) --editable '.[hub]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/core.stamp
	@echo 'Installing what the tests need ...'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(PINS) --editable '.[test]'
	@touch $@
