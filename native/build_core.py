"""Builds gigbox._core: the C core behind cffi (API mode), which needs no sound card. Run by setuptools; see setup.py."""

from __future__ import annotations

import platform
import re
from pathlib import Path

from cffi import FFI

NATIVE = Path(__file__).resolve().parent
CARD_SOURCES = ("alsa.c", "duplex.c", "card.c")      # in a module of their own, build_alsa.py: who renders needs no libasound
SOURCES = sorted(p.name for p in (NATIVE / "src").glob("*.c") if p.name not in CARD_SOURCES)


def cpu_flags() -> list[str]:
    """Vector code for this machine: AVX2 where it has it, NEON is there on every aarch64, plain otherwise."""
    if platform.machine() != "x86_64":
        return []
    try:
        flags = Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return []
    return ["-march=x86-64-v3"] if {"avx2", "fma", "bmi2"} <= set(flags) else []


def declarations(*headers: str) -> str:
    """The headers as cffi reads them: no preprocessor, no attributes; sizes are computed by the compiler."""
    whole = "\n".join((NATIVE / header).read_text() for header in headers)
    text = re.sub(r"//.*", "", whole)
    text = re.sub(r"#(pragma|include).*", "", text)
    text = re.sub(r" __attribute__\(\(aligned\(\w+\)\)\)", "", text)
    text = re.sub(r"(#define \w+)\s+\S+", r"\1 ...", text)
    for name, value in re.findall(r"#define (\w+)\s+(\d+)\b", whole):
        text = re.sub(rf"\[{name}\]", f"[{value}]", text)
    return text.replace("} gb_rack;", "...; } gb_rack;")


WARNINGS = ["-Wall", "-Wextra", "-Werror"]
# Lanes are read as floats, so no strict aliasing; fused multiply-add everywhere; numbers keep their NaN and infinity. Predictive commoning keeps in
# registers what the caches give as fast, and spills sums instead: an engine with all on takes a tenth longer.
FLAGS = ["-O3", "-fno-predictive-commoning", "-std=gnu11", "-fno-strict-aliasing", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math", *WARNINGS,
         *cpu_flags()]

ffi = FFI()
ffi.cdef(declarations("include/gigbox.h"))
ffi.set_source("gigbox._core", '#include "gigbox.h"', sources=[f"native/src/{s}" for s in SOURCES],
               include_dirs=["native/include", "native/src"], libraries=["m"],
               depends=[str(p) for p in (*sorted((NATIVE / "src").glob("*.h")), NATIVE / "include/gigbox.h")],
               extra_compile_args=FLAGS, extra_link_args=["-pthread"])

if __name__ == "__main__":
    ffi.compile(verbose=True)
