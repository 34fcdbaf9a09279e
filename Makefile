# make run | test | bench | lint | soak | hil | uml | stranger | fuzz | image | bundle | check-image | check-card | pi | clean - each sets up what it needs, and starts at once the second time.
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
CORE_SOURCES := setup.py $(wildcard native/build_*.py native/src/*.[ch] native/include/*.h native/gigsim/*.[ch])
PAGE_SOURCES := $(wildcard webui/*.html webui/*.ts webui/*.json webui/public/* webui/src/*.ts webui/src/*.tsx webui/src/*.css webui/src/*/*.ts webui/src/*/*.tsx)
PIP := $(PY) -m pip install -q --disable-pip-version-check -c constraints.txt
SONG ?=
DEVICE ?=
PORT ?= 8080
MINUTES ?= 10
CUTS ?= 20
MOMENTS ?= 200

# On a Raspberry Pi also what drives a soldered panel.
PI := $(shell grep -aqs "Raspberry Pi" /proc/device-tree/model && echo "[pi]")

.PHONY: run test bench lint soak hil uml stranger fuzz image bundle check-image check-card pi clean unfinished
.DELETE_ON_ERROR:

run: $(VENV)/.core $(VENV)/.page
	@$(PY) -m gigbox.cli run --port $(PORT) $(if $(SONG),--song "$(SONG)") $(if $(DEVICE),--device "$(DEVICE)")

test: lint $(VENV)/.tools $(VENV)/.page
	@cd webui && npx --no-install vitest run --reporter=dot
	@$(PY) -m pytest tests -m "not soak and not alone" -n 3 --dist loadfile --no-loadscope-reorder
	@$(PY) -m pytest tests -m "not soak and alone"

bench: $(VENV)/.core $(VENV)/.tools
	@$(PY) -m gigbox.cli bench

lint: $(VENV)/.dev
	@$(PY) -m ruff check .
	@$(PY) -m mypy

soak: $(VENV)/.dev
	@$(PY) -m pytest -s -m soak tests

# What the box promises, in a kernel that is built once and run as a program, with time of its own: how busy this machine is changes nothing.
hil: $(VENV)/.tools
	$(call apt,flex:flex bison:bison bc:bc xz:xz-utils,libelf-dev)
	@native/uml/build.sh
	@$(PIP) -t $(VENV)/rpi --no-deps --upgrade rpi-lgpio lgpio
	@$(PY) -m hil.uml

# And in this machine's time, where a busy one is a late card: the audio thread and MIDI through the kernel's own ALSA, the panel through its own lines.
uml: hil
	@$(PY) -m pytest -s -m soak tests/native/test_real_alsa.py tests/panel/test_real_gpio.py tests/remote/test_real_midi.py

# Schemathesis, which knows the REST document and nothing else, asks a box that runs; in an environment of its own, for it brings much along.
stranger: $(VENV)/.dev
	@[ -x $(VENV)/schemathesis/bin/schemathesis ] || { "$(PYTHON)" -m venv $(VENV)/schemathesis && $(VENV)/schemathesis/bin/pip install -q --disable-pip-version-check -c constraints.txt schemathesis; }
	@$(PY) -m pytest -s -m soak tests/web/test_web_schemathesis.py

# The libraries of a soldered panel, wherever make did not see that this is a Pi.
pi: $(VENV)/.core
	@$(PIP) --no-build-isolation -e '.[pi]'

# Ten minutes (MINUTES) for each reader of other people's bytes: the core's rack by libFuzzer, the programs' files and lines by atheris.
fuzz: $(VENV)/.dev
	$(call apt,clang:clang,libclang-rt-dev)
	@$(PIP) atheris
	@mkdir -p out/fuzz/rack && $(MAKE) -s -C native/tests OUT=$(CURDIR)/out/fuzz $(CURDIR)/out/fuzz/fuzz
	@cd out/fuzz && ./fuzz -max_total_time=$$(($(MINUTES) * 60)) -max_len=16384 -len_control=0 -verbosity=0 -print_final_stats=1 rack
	@$(PY) -m tests.fuzz --minutes $(MINUTES)

# The SD card, and with `bundle` an update for boxes that have one, as root: out/image/.
image: IMAGE_WITH :=
bundle: IMAGE_WITH := --bundle
image bundle: $(VENV)/.core $(VENV)/.page
	$(call apt,mmdebstrap:mmdebstrap arch-test:arch-test qemu-aarch64-static:qemu-user-static aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu rauc:rauc mcopy:mtools \
	  mkfs.vfat:dosfstools mksquashfs:squashfs-tools sfdisk:fdisk mke2fs:e2fsprogs grub-mkimage:grub-common openssl:openssl,libc6-dev-arm64-cross)
	@$(PY) -m image $(IMAGE_WITH)

EMULATOR := qemu-system-aarch64:qemu-system-arm ssh:openssh-client debugfs:e2fsprogs rauc:rauc chromium:chromium

# The built card (make bundle) in an emulated machine: started, looked at, updated, its plug pulled CUTS times, its card looked at MOMENTS times.
check-image: $(VENV)/.dev
	$(call apt,$(EMULATOR),qemu-efi-aarch64)
	@$(PY) -m pytest -s -m soak image/checks --cuts $(CUTS) --moments $(MOMENTS)

# The card built, and what of it can be tried within an hour: two machines side by side.
check-card: image $(VENV)/.dev
	$(call apt,$(EMULATOR),qemu-efi-aarch64)
	@$(PY) -m pytest -m soak image/checks/test_cuts.py --cuts 7 & cuts=$$!; \
	$(PY) -m pytest -m soak image/checks/test_booted.py image/checks/test_moments.py --moments 20; looked=$$?; wait $$cuts && exit $$looked

clean:
	rm -rf $(VENV) build out webui/node_modules firmware/gigbox/web/static firmware/*.egg-info firmware/gigbox/*.so .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The box itself: a virtual environment with the pinned packages, and the C core compiled for this machine.
$(VENV)/.packages: pyproject.toml constraints.txt
	$(call apt,gcc:gcc,libasound2-dev $(PYTHON_PACKAGES))
	@[ -n "$(PYTHON)" ] || { echo "gigbox: no Python 3.11 to 3.13 here; name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "gigbox: setting up $(VENV), once" && "$(PYTHON)" -m venv $(VENV)
	@$(PIP) setuptools wheel cffi
	@$(PIP) --no-build-isolation -e '.$(PI)'
	@touch $@

$(VENV)/.core: $(VENV)/.packages $(CORE_SOURCES)
	@$(PY) setup.py -q build_ext --inplace 2>&1 | { grep -v -i warning || true; }; test $${PIPESTATUS[0]} -eq 0
	@touch $@

# The page, from webui/ into the Python package. npm writes its own list last: without that the power went before all was here.
webui/node_modules: webui/package-lock.json $(if $(wildcard webui/node_modules/.package-lock.json),,unfinished)
	$(call apt,node:nodejs npm:npm)
	@cd webui && echo "gigbox: fetching what builds the page, once" && npm ci --silent
	@touch $@

$(VENV)/.page: $(VENV)/.packages webui/node_modules $(PAGE_SOURCES)
	@cd webui && npx --no-install tsc && npx --no-install vite build --logLevel warn
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
