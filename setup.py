"""Only what pyproject.toml cannot say: the C core is a cffi module."""

from setuptools import setup

setup(cffi_modules=["native/build_core.py:ffi"])
