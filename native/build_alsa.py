"""Builds gigbox._alsa, the sound card behind cffi, and gigbox._gigsim, the simulated one as a plug-in of libasound. Run by setuptools; see setup.py."""

from __future__ import annotations

import sys
from pathlib import Path

from cffi import FFI
from setuptools import Extension

sys.path.insert(0, str(Path(__file__).resolve().parent))
import build_core

HEADERS = ("include/card.h", "gigsim/gigsim.h")
READ = (*HEADERS, "include/gigbox.h", "src/alsa.h", "src/duplex.h", "src/samples.h", "src/lanes.h")

ffi = FFI()
ffi.include(build_core.ffi)
ffi.cdef(build_core.declarations(*HEADERS))
ffi.set_source("gigbox._alsa", "".join(f'#include "{Path(header).name}"\n' for header in HEADERS),
               sources=[*(f"native/src/{s}" for s in build_core.CARD_SOURCES), "native/gigsim/feed.c"],
               include_dirs=["native/include", "native/src", "native/gigsim"],
               libraries=["asound", "m"], depends=[f"native/{header}" for header in READ],
               extra_compile_args=build_core.FLAGS, extra_link_args=["-pthread"])

gigsim = Extension("gigbox._gigsim", ["native/gigsim/gigsim.c"], depends=["native/gigsim/gigsim.h", "native/gigsim/clock.h"],
                   include_dirs=["native/gigsim"], libraries=["asound"], extra_compile_args=["-std=gnu11", "-O2", "-DPIC", *build_core.WARNINGS],
                   py_limited_api=True)
