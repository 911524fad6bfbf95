"""Packs the program for those who want to have it: dist/tides.zip."""

import pathlib
import zipfile

target = pathlib.Path("dist/tides.zip")
target.parent.mkdir(exist_ok=True)
with zipfile.ZipFile(target, "w") as archive:
    archive.write("tides.py")
print("Packed", ", ".join(zipfile.ZipFile(target).namelist()), "into", target)
