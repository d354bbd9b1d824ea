# Everything runs in .venv, which `make` builds itself; Python 3.11 or newer is all it asks for.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test coverage lint types docs bench lambda-zip clean

demo: .venv/demo
	$(BIN)/awsaudit demo

test: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m awsaudit.docs --check
	$(BIN)/pytest -n auto

coverage: .venv/dev
	$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered

bench: .venv/dev
	$(BIN)/python -m tests.benchmarks

docs: .venv/dev
	$(BIN)/python -m awsaudit.docs

lambda-zip: .venv/demo
	$(BIN)/python -m awsaudit.deploy.zip build/awsaudit.zip

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[demo]'
	touch $@

.venv/dev: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ .venv/demo

clean:
	rm -rf .venv
