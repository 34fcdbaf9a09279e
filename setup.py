"""Only what pyproject.toml cannot say: core and sound card are cffi modules, the simulated card is one of libasound, the released models go along."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).resolve().parent / "native"))
from build_alsa import gigsim

RELEASE = Path(__file__).resolve().parent / "models/release"


class BuildPy(build_py):
    """gigbox/release in what is built is models/release of the checkout; an editable install reads it where it lies."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            goal = Path(self.build_lib, "gigbox/release")
            self.mkpath(str(goal))
            for file in sorted(RELEASE.glob("*.t*")):
                self.copy_file(str(file), str(goal / file.name))


setup(cffi_modules=["native/build_core.py:ffi", "native/build_alsa.py:ffi"], ext_modules=[gigsim], cmdclass={"build_py": BuildPy})
