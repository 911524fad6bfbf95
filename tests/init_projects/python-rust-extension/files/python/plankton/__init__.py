from plankton._core import drift

__all__ = ["drift"]
