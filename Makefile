# Every target does its own set-up: python3 (3.11 or newer) with venv, make and git are enough.
.DEFAULT_GOAL := help
.PHONY: help demo replay test test-slow test-adapters test-clients check format crash soak soak-serve soak-loop bench figures evals pocket pocket-check pocket-card lock clean

PYTHON ?= python3
export PYTHON
BIN := .venv/bin
EXTRAS := --extra litellm --extra langgraph --extra proxy --extra mcp
READY := .venv/.ready
READY_BENCH := .venv/.ready-bench
READY_TRAIN := .venv-train/.ready
SAMPLE := recipes/data/sample_run.jsonl

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

demo: $(READY) ## watch a small model lose what it was told, and reciting mend it: no key, no network, seconds
	@$(BIN)/litany demo --out build/demo $(ARGS)

replay: $(READY) ## replay a long sample run of a coding agent: no key, no model
	@echo "A sample run of a coding agent, replayed call by call in a window of 32,000 tokens."
	@echo "The table says what each call would have sent: is the goal in it word for word, is the recital last, what it costs."
	@$(BIN)/litany replay $(SAMPLE) --window 32k
	@echo "The same on runs of your own: $(BIN)/litany replay ~/.claude/projects"

test: $(READY) ## run the tests
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --benchmark-disable $(ARGS)

test-slow: $(READY) ## the tests that `make test` leaves out, for they start many processes or ask much: some minutes
	@SLOW=yes OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --benchmark-disable -m slow $(ARGS)

HOSTS ?=
test-adapters: ## test adapters with their hosts, each in an environment of its own: make test-adapters HOSTS=langchain
	@.ci/adapters "$(HOSTS)" $(ARGS)

CLIENTS ?=
test-clients: $(READY) ## test litany serve with real clients, installed for it: make test-clients CLIENTS=codex
	@.ci/through-serve "$(CLIENTS)" $(ARGS)

check: $(READY) ## ruff and mypy --strict: all silent
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary

format: $(READY) ## let ruff lay out the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

crash: $(READY) ## kill a store, or fail its disk, at every single write, and a sweep at every call: some minutes
	@CRASH=all $(BIN)/python -m pytest -n auto --benchmark-disable tests/stores/crash tests/evals/sweep/test_kill.py $(ARGS)

soak: $(READY) ## the laws over many more random histories, and runs killed at 200 points: some hours
	@HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n auto --benchmark-disable tests/laws $(ARGS)
	@CRASH=all $(BIN)/python -m pytest -n auto tests/loop/crash

soak-serve: $(READY) ## the proxy: 200 conversations at once, and its memory over 10,000 requests: minutes
	@CONVERSATIONS=200 $(BIN)/python -m pytest tests/serve/test_many.py $(ARGS)
	@$(BIN)/python -m benches.proxy_soak

soak-loop: $(READY) ## kill a run at 200 points and writes, and a run of 1,000 steps on the disk: minutes
	@CRASH=all SLOW=yes $(BIN)/python -m pytest -n auto tests/loop/crash tests/loop/test_lasting.py $(ARGS)

figures: $(READY) ## the tables of evals/README.md, from recorded runs: make figures RUNS=FOLDER
	@$(BIN)/python -m evals.figures $(RUNS)

SUITES ?= $(wildcard evals/suites/*.toml)
# Asked in build/, for the results are named after the commit of an unchanged tree; a suite that was stopped goes on.
evals: $(READY) ## run the suites of evals/suites on pocket into evals/results, some minutes: make evals SUITES=FILE
	@set -e; for suite in $(SUITES); do \
	  OMP_NUM_THREADS=1 $(BIN)/litany eval $$suite --out build/evals/$$(basename $$suite .toml); \
	done; \
	for suite in $(SUITES); do \
	  made=build/evals/$$(basename $$suite .toml); out=evals/results/$$(basename $$suite .toml); \
	  mkdir -p $$out; cp $$made/suite.toml $$out; gzip -9nc $$made/outcomes.jsonl >$$out/outcomes.jsonl.gz; \
	  $(BIN)/litany report $$out --md $$out/report.md; \
	  rm -rf $$made; \
	done
	@$(BIN)/python -m evals.readme

# Training takes torch, in an environment of its own.
TORCH := OMP_NUM_THREADS=1 PYTHONPATH=src:. .venv-train/bin/python
POCKET := build/pocket
pocket: $(READY_TRAIN) ## train the pocket reader anew, into build/pocket: about an hour on one core
	@$(TORCH) -m evals.pocket.train --fast --out $(POCKET) $(ARGS)

pocket-check: $(READY_TRAIN) ## hold the pocket reader's NumPy network to torch, on the weights that ship
	@$(TORCH) -m evals.pocket.check $(ARGS)

pocket-card: $(READY) ## examine the pocket reader that ships and write its card: half an hour
	@OMP_NUM_THREADS=1 $(BIN)/python -m evals.pocket.measure --jobs 2 --out evals/pocket/results
	@$(BIN)/python -m evals.pocket.card

bench: $(READY_BENCH) ## time a call beside json.dumps and the neighbours
	@$(BIN)/python -m pytest benches --benchmark-only $(ARGS)
	@$(BIN)/python -m benches.ratios
	@$(BIN)/python -m benches.store_ratios
	@$(BIN)/python -m benches.wrapped_calls
	@$(BIN)/python -m benches.proxy_call
	@$(BIN)/python -m benches.loop_steps
	@OMP_NUM_THREADS=1 $(BIN)/python -m benches.pocket_speed
	@$(BIN)/python -m benches.eval_speed

lock: $(READY) ## resolve pyproject.toml anew into uv.lock
	@$$(command -v uv || echo .uv/bin/uv) lock --upgrade --python $(PYTHON)

clean: ## remove what the targets above have made
	rm -rf .venv .venv-train .venv-hosts build .uv .uv-requirements.txt .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml uv.lock .ci/setup Makefile
	@.ci/setup $(EXTRAS)
	@touch $@

# pip, and not uv: some indexes hold a smaller build of torch for it. The release is the one of the group `train`.
$(READY_TRAIN): pyproject.toml
	@$(PYTHON) -m venv .venv-train
	@.venv-train/bin/pip install --quiet --disable-pip-version-check numpy $$($(PYTHON) -c \
	  'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["train"])')
	@touch $@

$(READY_BENCH): $(READY)
	@.ci/setup $(EXTRAS) --group bench
	@touch $@
