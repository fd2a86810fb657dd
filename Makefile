# `make run` and `make test` need Python 3.11 and make, and nothing else: they set themselves up.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
export DAGSTER_HOME := $(CURDIR)/data/dagster_home

.PHONY: run test test-web screenshots dev serve eval demo-llm bench lock docs clean help

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "jd_assets needs Python 3.11; set PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --compile -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

run: $(READY) ## Run the sample days through all assets and publish the analyst database
	$(BIN)/jd-assets run

test: $(READY) ## Formatting, types and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

test-web: $(READY) ## The pages in a real browser (needs Chromium)
	JD_REQUIRE_BROWSER=1 $(BIN)/python -m pytest jd_assets_tests/web/browser

screenshots: $(READY) ## The pictures of docs/web.md, from the published days (needs Chromium)
	$(BIN)/python -m jd_assets_tests.web.browser.screenshots

dev: $(READY) ## Dagster's UI, schedules and sensors
	$(BIN)/dg dev --workspace workspace.yaml

serve: $(READY) ## The web app
	$(BIN)/jd-assets serve

GOLD ?=
SCORER ?= $(dir $(GOLD))score.py
eval: $(READY) ## Predict and score: make eval GOLD=path/to/gold.jsonl
	@test -n "$(GOLD)" || { echo "give the gold file: make eval GOLD=path/to/gold.jsonl"; exit 2; }
	@mkdir -p data/eval
	$(BIN)/jd-assets extract "$(GOLD)" data/eval/predictions.jsonl
	$(BIN)/python "$(SCORER)" --gold "$(GOLD)" --pred data/eval/predictions.jsonl --json data/eval/scores.json

demo-llm: $(READY) ## The sample days with a stand-in for a language model, its costs, and the same again for $0
	$(BIN)/python -m jd_assets_tests.llm.demo

bench: $(READY) ## Throughput of one big day and seconds per stage
	$(BIN)/python -m benchmarks.throughput

docs: $(READY) ## Generated pages: the table guide and the library's JSON Schemas
	$(BIN)/jd-assets docs

lock: ## Lock the newest versions that pyproject.toml allows (needs uv)
	uv pip compile pyproject.toml --extra test --python-version 3.11 --universal --generate-hashes --no-strip-extras \
		--no-header --no-annotate --no-emit-index-url -o requirements.lock

clean: ## Remove what runs made; landing files and code stay
	rm -rf data/warehouse data/vectors data/state data/releases data/eval data/jd.duckdb
