# Everything a clone needs. `make help` lists the targets.
.DEFAULT_GOAL := help
.SUFFIXES:
PYTHON ?= python3
BIN := .venv/bin
# More arguments for a tool: make test ARGS="-k queue"
ARGS ?=
# Processes that run the tests; each starts its own services.
WORKERS ?= 2
PYTEST = $(BIN)/pytest --numprocesses=$(WORKERS) --dist=loadfile $(ARGS)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed and $(PYTHON) is not there: install it first (Debian, Ubuntu: apt-get install python3 python3-venv)." >&2; exit 1; }

.PHONY: setup
setup: python ## Make this clone work: environment, front-end files, database, demo data
	@$(PYTHON) -m scripts.setup runtime

.PHONY: run
run: python ## Set up what is missing and serve http://127.0.0.1:8000 (another port: make run PORT=8001)
	@$(if $(PORT),PORT=$(PORT)) $(PYTHON) -m scripts.setup run

.PHONY: reset
reset: ## Forget all data: database, attachments, mails (stop the server first)
	rm -rf var

.PHONY: tools
tools: python
	@$(PYTHON) -m scripts.setup tests

.PHONY: test
test: tools ## All tests, on real services; what is missing is skipped and named
	$(PYTEST)

.PHONY: coverage
coverage: tools ## The same, and which branches no test takes: twice the time
	$(PYTEST) --cov --cov-report=term-missing:skip-covered

.PHONY: test-all
test-all: tools ## The same, and a skipped test is a failure
	$(PYTEST) --no-skips

.PHONY: kill-test
kill-test: tools ## Kill the server 200 times in the middle of forms; no ticket may be lost or halved
	KILLS=$(or $(KILLS),200) $(BIN)/pytest tests/test_kill.py -o faulthandler_timeout=0 $(ARGS)

.PHONY: kill-test-mail
kill-test-mail: tools ## Kill the poller and the worker 50 times among 10,000 mails; none may be lost or doubled
	KILLS=$(or $(KILLS),50) MAILS=$(or $(MAILS),10000) $(BIN)/pytest tests/test_kill_mail.py -s -o faulthandler_timeout=0 $(ARGS)

.PHONY: concurrency
concurrency: tools ## Let agents do everything at once for minutes; again with SEED=…, for longer with ACTS=…
	ACTS=$(or $(ACTS),1000) $(BIN)/pytest tests/tickets/order/test_concurrency.py -s -o faulthandler_timeout=0 $(ARGS)

.PHONY: lint
lint: tools ## Style of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check

.PHONY: types
types: tools ## Types of the code, strictly
	$(BIN)/mypy

.PHONY: check
check: lint types test ## Everything that must hold before a change lands

.PHONY: bench
bench: tools ## Run a measurement: make bench NAME=…; without a name, list them
	@$(if $(NAME),$(BIN)/python -m bench.$(NAME) $(ARGS),ls bench/*.py | sed -e 's|bench/|  make bench NAME=|' -e 's|\.py$$||')

.PHONY: bench-desk
bench-desk: tools ## Measure agents' pages at ten thousand, a hundred thousand and a million tickets (half an hour)
	$(BIN)/python -m bench.desk $(ARGS)

.PHONY: screenshots
screenshots: tools ## Take the pictures of the documentation again
	$(BIN)/python -m tests.screenshots

.PHONY: lock
lock: tools ## Write the locks again from pyproject.toml and package.json (newer versions: make lock ARGS=--upgrade)
	@$(BIN)/python -m scripts.lock $(ARGS)

.PHONY: wheel
wheel: setup ## Build dist/*.whl, complete with the front-end files, for a server
	@rm -rf dist
	$(BIN)/hatchling build -t wheel -d dist

.PHONY: clean
clean: ## Remove what was built; data in var/ stays
	rm -rf .venv node_modules helpdesk/static/vendor dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
