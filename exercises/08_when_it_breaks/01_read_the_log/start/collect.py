"""Writes the weather stations of all countries as one table."""

import warnings

warnings.warn("collect.py will read another format from 2027 on", DeprecationWarning)
print("station,country,height")
for country in ("at", "ch", "li"):
    with open(f"measured/{country}.txt") as file:
        for line in file:
            station, height = line.rsplit(maxsplit=1)
            print(f"{station},{country},{height}")
