"""Works out a table of exchange rates and lays it down in /shared, outside the repository, so that no package takes it in."""

import csv
from pathlib import Path

RATES = {"EUR": 1.0, "GBP": 0.87, "JPY": 164.0}

target = Path("/shared/table.csv")
with target.open("w", newline="") as table:
    out = csv.writer(table)
    out.writerow(["from", "to", "rate"])
    for one, a in RATES.items():
        out.writerows([one, other, round(b * a, 6)] for other, b in RATES.items())
print(f"wrote {target}")
