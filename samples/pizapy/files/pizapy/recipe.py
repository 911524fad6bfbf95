"""How much dough, for how many pizzas of which size."""

import dataclasses
import math

# Grams of dough for a square centimetre of pizza, and each part of it for a gram of flour.
THICKNESS = 0.425
WATER, SALT, YEAST = 0.65, 0.028, 0.005


@dataclasses.dataclass(frozen=True)
class Dough:
    """The parts of a dough, in grams."""

    flour: int
    water: int
    salt: int
    yeast: int

    @property
    def weight(self):
        """What the scales say."""
        return self.flour + self.water + self.salt + self.yeast


def dough(pizzas, diameter=30):
    """The dough for so many round pizzas. The diameter is in centimetres."""
    if pizzas < 1:
        raise ValueError("there is no dough for less than one pizza")
    if diameter <= 0:
        raise ValueError("a pizza has a diameter above zero")
    weight = pizzas * math.pi * (diameter / 2) ** 2 * THICKNESS
    flour = weight / (1 + WATER + SALT + YEAST)
    return Dough(round(flour), round(flour * WATER), round(flour * SALT), round(flour * YEAST))
