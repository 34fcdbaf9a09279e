"""The desk's fixtures serve here, too."""

from desk.conftest import box, connect

__all__ = ["box", "connect"]
