# Every target does its own set-up: python3 (3.11 or newer) with venv, make and git are enough.
.DEFAULT_GOAL := help
.PHONY: help demo test check format crash soak bench figures lock clean

PYTHON ?= python3
export PYTHON
BIN := .venv/bin
EXTRAS := --extra litellm --extra langgraph
READY := .venv/.ready
READY_BENCH := .venv/.ready-bench
SAMPLE := recipes/data/sample_run.jsonl

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

demo: $(READY) ## replay a long sample run of a coding agent: no key, no model
	@echo "A sample run of a coding agent, replayed call by call in a window of 32,000 tokens."
	@echo "The table says what each call would have sent: is the goal in it word for word, is the recital last, what it costs."
	@$(BIN)/litany replay $(SAMPLE) --window 32k
	@echo "The same on runs of your own: $(BIN)/litany replay ~/.claude/projects"

test: $(READY) ## run the tests
	@$(BIN)/python -m pytest -n auto --benchmark-disable $(ARGS)

check: $(READY) ## ruff and mypy --strict: all silent
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary

format: $(READY) ## let ruff lay out the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

crash: $(READY) ## kill a store, or fail its disk, at every single write: some minutes
	@CRASH=all $(BIN)/python -m pytest -n auto --benchmark-disable tests/stores/crash $(ARGS)

soak: $(READY) ## the laws over many more random histories: some hours
	@HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n auto --benchmark-disable tests/laws $(ARGS)

RUNS ?= ../shared/data/trajectories
figures: $(READY) ## the tables of evals/README.md, from recorded runs: make figures RUNS=FOLDER
	@$(BIN)/python -m evals.figures $(RUNS)

bench: $(READY_BENCH) ## time a call beside json.dumps and the neighbours
	@$(BIN)/python -m pytest benches --benchmark-only $(ARGS)
	@$(BIN)/python -m benches.ratios
	@$(BIN)/python -m benches.store_ratios

lock: $(READY) ## resolve pyproject.toml anew into uv.lock
	@$$(command -v uv || echo .uv/bin/uv) lock --upgrade --python $(PYTHON)

clean: ## remove what the targets above have made
	rm -rf .venv .uv .uv-requirements.txt .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml uv.lock .ci/setup
	@.ci/setup $(EXTRAS)
	@touch $@

$(READY_BENCH): $(READY)
	@.ci/setup $(EXTRAS) --group bench
	@touch $@
