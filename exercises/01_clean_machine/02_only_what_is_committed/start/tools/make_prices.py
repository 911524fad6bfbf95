"""Writes tests/data/prices.csv, the three prices that the tests know."""

from pathlib import Path

TARGET = Path(__file__).parent.parent / "tests" / "data" / "prices.csv"
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text("item,price\nbread,1.5\nmilk,1.0\ncheese,3.5\n")
