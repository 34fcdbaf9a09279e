# make run | test | bench | lint | soak | uml | clean - each sets up what it needs, and starts at once the second time.
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
CORE_SOURCES := setup.py $(wildcard native/build_*.py native/src/*.[ch] native/include/*.h native/gigsim/*.[ch])
PIP := $(PY) -m pip install -q --disable-pip-version-check -c constraints.txt
SONG ?=
DEVICE ?=
PORT ?= 8080

.PHONY: run test bench lint soak uml clean
.DELETE_ON_ERROR:

run: $(VENV)/.core
	@$(PY) -m gigbox.cli run --port $(PORT) $(if $(SONG),--song "$(SONG)") $(if $(DEVICE),--device "$(DEVICE)")

test: lint $(VENV)/.tools
	@$(PY) -m pytest tests

bench: $(VENV)/.core $(VENV)/.tools
	@$(PY) -m gigbox.cli bench

lint: $(VENV)/.dev
	@$(PY) -m ruff check .
	@$(PY) -m mypy

soak: $(VENV)/.dev
	@$(PY) -m pytest -s -m soak tests

# The audio thread through the kernel's own ALSA, on any machine: a kernel is built once, and run as a program.
uml: $(VENV)/.tools
	$(call apt,flex:flex bison:bison bc:bc xz:xz-utils,libelf-dev)
	@native/uml/build.sh
	@$(PY) -m pytest -s -m soak tests/native/test_real_alsa.py

clean:
	rm -rf $(VENV) build out firmware/*.egg-info firmware/gigbox/*.so .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The box itself: a virtual environment with the pinned packages, and the C core compiled for this machine.
$(VENV)/.packages: pyproject.toml constraints.txt
	$(call apt,gcc:gcc,libasound2-dev $(PYTHON_PACKAGES))
	@[ -n "$(PYTHON)" ] || { echo "gigbox: no Python 3.11 to 3.13 here; name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "gigbox: setting up $(VENV), once" && "$(PYTHON)" -m venv $(VENV)
	@$(PIP) setuptools wheel cffi
	@$(PIP) --no-build-isolation -e .
	@touch $@

$(VENV)/.core: $(VENV)/.packages $(CORE_SOURCES)
	@$(PY) setup.py -q build_ext --inplace 2>&1 | { grep -v -i warning || true; }; test $${PIPESTATUS[0]} -eq 0
	@touch $@

$(VENV)/.dev: $(VENV)/.core pyproject.toml constraints.txt
	@$(PIP) --no-build-isolation -e '.[dev]'
	@touch $@

# What only the tests need: a browser, a cross compiler and an emulator for the box's processor, an instruction counter.
$(VENV)/.tools: $(VENV)/.dev $(VENV)/.older
	$(call apt,chromium:chromium valgrind:valgrind qemu-aarch64-static:qemu-user-static aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu,libc6-dev-arm64-cross)
	@touch $@

# The predecessor of the models' runtime, whose last wheel is of Python 3.11 and of numpy 1: the released models must say the same there.
OLDER := $(VENV)/tflite_runtime
PYTHON311 = $(shell python3.11 -c 'import sys; print(sys.executable)' 2>/dev/null)
$(VENV)/.older: $(VENV)/.dev
	@[ -z "$(PYTHON311)" ] || { "$(PYTHON311)" -m venv $(OLDER) && $(OLDER)/bin/pip install -q --disable-pip-version-check 'numpy==1.26.4' 'tflite-runtime==2.14.0'; }
	@touch $@

# $(call apt,COMMAND:PACKAGE ...,PACKAGE ...): packages of missing commands, and those named alone that dpkg does not know, are
# installed if apt can do it without a question; else the one line to type is printed.
PYTHON_PACKAGES = $(if $(shell "$(PYTHON)" -c 'import ensurepip, pathlib, sysconfig as s; print(pathlib.Path(s.get_path("include"), "Python.h").exists() or "")' 2>/dev/null),,python3 python3-venv python3-dev)
define apt
	@missing=""; \
	for pair in $(1); do command -v "$${pair%%:*}" >/dev/null || missing="$$missing $${pair##*:}"; done; \
	for package in $(2); do ! command -v dpkg >/dev/null || dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	[ -z "$$missing" ] && exit 0; \
	as=""; [ "$$(id -u)" = 0 ] || as="sudo -n"; \
	if command -v apt-get >/dev/null && $$as true 2>/dev/null; then \
	  echo "gigbox: installing$$missing" && $$as apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as apt-get install -qq -y --no-install-recommends $$missing >/dev/null && exit 0; \
	fi; \
	echo "gigbox: missing$$missing; type: sudo apt-get install -y$$missing" >&2; exit 1
endef
