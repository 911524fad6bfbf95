"""Packs the program. It leaves dist/fair-share.txt, and does not look at whether the program is any good."""

from pathlib import Path

Path("dist").mkdir(exist_ok=True)
Path("dist/fair-share.txt").write_text(Path("fair_share.py").read_text())
print("Packed dist/fair-share.txt")
