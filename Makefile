# `make demo` and `make test` do everything on a fresh machine with Python 3.11 to 3.13.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROJECT := demo-output/demo.sqlite

.PHONY: demo test test-fast test-offline lint models demo-corpus clean

$(VENV)/demo-installed: pyproject.toml $(shell find src models -type f -not -path '*/__pycache__/*' 2>/dev/null)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/dev-installed: $(VENV)/demo-installed pyproject.toml
	$(BIN)/python scripts/dev_requirements.py > $(VENV)/dev-requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(VENV)/dev-requirements.txt
	touch $@

demo: $(VENV)/demo-installed
	@mkdir -p demo-output
	@$(BIN)/evidence-mapper run corpora/demo/papers --project $(PROJECT) --top 12 || [ $$? -eq 1 ]
	@echo "(Some of the demo's files cannot be read, on purpose: they are listed above with the reason.)"
	@echo "Next, in this folder: $(BIN)/evidence-mapper review --project $(PROJECT)"

test: lint test-offline

test-fast: $(VENV)/dev-installed
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow"

test-offline: $(VENV)/dev-installed
	$(BIN)/python scripts/test_offline.py

lint: $(VENV)/dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

models: $(VENV)/dev-installed
	OMP_NUM_THREADS=1 $(BIN)/python scripts/build_models.py
	$(BIN)/python scripts/build_guard.py
	$(BIN)/python scripts/build_examples.py
	$(BIN)/python scripts/write_model_card.py

demo-corpus: $(VENV)/dev-installed
	$(BIN)/python scripts/make_demo_corpus.py

clean:
	rm -rf $(VENV) demo-output .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
