"""Says what is near a place on the map."""

from geomancer.distance import metres
from geomancer.places import Places

__all__ = ["Places", "metres"]
__version__ = "1.0.0"
