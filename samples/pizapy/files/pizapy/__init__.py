"""Works out pizza: dough and slices."""

from pizapy.recipe import Dough, dough
from pizapy.table import shares

__all__ = ["Dough", "dough", "shares"]
__version__ = "1.0.0"
