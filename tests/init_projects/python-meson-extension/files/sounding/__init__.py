from sounding._depth import fathoms

__all__ = ["fathoms"]
