"""How far it is from here to there."""

import math

EARTH = 6_371_000  # metres from its middle


def metres(here, there):
    """The way over the ground between two places, each as (latitude, longitude) in degrees."""
    (latitude, longitude), (other_latitude, other_longitude) = (map(math.radians, it) for it in (here, there))
    north, east = other_latitude - latitude, other_longitude - longitude
    part = math.sin(north / 2) ** 2 + math.cos(latitude) * math.cos(other_latitude) * math.sin(east / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(part))
