# Two commands do all set-up: make demo, make test.
# The newest Python on PATH that fits and can make a venv; every place on PATH is tried, for the first one may be a shim without a Python behind it.
PYTHON ?= $(shell IFS=:; for version in 3.14 3.13 3.12 3.11 3; do for place in $$PATH; do p="$$place/python$$version"; \
  "$$p" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null && echo "$$p" && exit; done; done)
UV ?= uv
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
STAMP := .venv/.made
export KADER_HOME := $(CURDIR)
export LC_ALL := C.UTF-8

.DEFAULT_GOAL := help
.PHONY: help setup demo start test lint check bench faults schema lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## make .venv from the hashed lock

$(STAMP): requirements.lock pyproject.toml
	@$(PIP) --version >/dev/null 2>&1 || { python="$(PYTHON)"; test -n "$$python" || { \
	  echo "Kaderroute needs Python 3.11 to 3.14 with venv (on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 2; }; \
	  echo "Making .venv with $$python; this takes a minute or two."; "$$python" -m venv --clear .venv; }
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup ## play a year with three dossiers; EINDIG=1 ends by itself
	@$(BIN)/kader demo $(if $(EINDIG),--eindig)

start: setup ## run the service: server, deployments, schedule
	@$(BIN)/kader start

test: setup ## run every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: setup ## style, types and floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## style, types, floors and tests

bench: setup ## measure speed; one JSON line each
	$(BIN)/python -m benchmarks

faults: setup ## kill deliverers 200 times among 10,000 messages; takes minutes
	$(BIN)/python -m benchmarks.faults

schema: setup ## renew docs/schema, what --json gives
	$(BIN)/python -m flows.schemas

lock: ## renew requirements.lock (developers; needs uv)
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -o requirements.lock

clean: ## remove what was made, the data too
	rm -rf .venv .kaderroute build *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
