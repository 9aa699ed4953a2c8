# Every habit is one command. Each target installs what it needs first; second runs are quick.

PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet --quiet

.NOTPARALLEL:
.PHONY: help demo test check fix bench docs lock clean

help: ## show the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

demo: install-demo .venv/run.stamp ## run the main job on the shipped samples, step by step
	@scripts/demo.sh

test: install-test .venv/dev.stamp tests/interop/node_modules ## run the tests, with their coverage
	$(PYTHON) -m pytest -n 2 --dist worksteal --cov --cov-report term:skip-covered

check: .venv/dev.stamp ## lint, format, types, layers, generated documents: what CI asks for
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo --no-cache
	$(PYTHON) scripts/gen_docs.py --check

fix: .venv/dev.stamp ## mend what ruff can mend
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

bench: install-bench .venv/dev.stamp ## measure, against the bounds that monespace promises
	$(PYTHON) -m benchmarks

docs: .venv/dev.stamp ## generate the documents that come from the code
	$(PYTHON) scripts/gen_docs.py

lock: .venv/pyvenv.cfg ## pin the dependencies of pyproject.toml again
	@scripts/lock.sh

clean: ## remove everything that these targets made
	rm -rf .venv .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build demo dist tests/interop/node_modules
	find src tests scripts benchmarks -name __pycache__ -prune -exec rm -r {} +

# What the targets stand on.

.PHONY: install-bench install-demo install-test
install-bench install-demo install-test: install-%:
	@scripts/install-system.sh $*

.venv/pyvenv.cfg:
	@scripts/install-system.sh venv
	@scripts/make-venv.sh

# pip-install FILE: exactly the pinned files, then monespace itself from this checkout.
define pip-install
@echo "Installing $(1) into .venv (a minute or so the first time)"
@$(PIP) install --require-hashes -r $(1)
@$(PIP) install --no-deps --no-build-isolation --editable .
@touch $@
endef

.venv/run.stamp: requirements/run.txt pyproject.toml .venv/pyvenv.cfg
	$(call pip-install,requirements/run.txt)

.venv/dev.stamp: requirements/dev.txt pyproject.toml .venv/pyvenv.cfg
	$(call pip-install,requirements/dev.txt)
	@touch .venv/run.stamp

# Another implementation of age for the interoperability tests. Without npm those tests fail and say so; the others run.
tests/interop/node_modules: tests/interop/package-lock.json
	@if command -v npm > /dev/null; then cd tests/interop && npm ci --loglevel=error --no-audit --no-fund && touch node_modules; fi
