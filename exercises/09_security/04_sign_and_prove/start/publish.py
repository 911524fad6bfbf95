"""Publishes all of dist/. Here the server that users download from is a folder, mirror/."""

import pathlib
import shutil

mirror = pathlib.Path("mirror")
mirror.mkdir(exist_ok=True)
for file in sorted(pathlib.Path("dist").iterdir()):
    shutil.copy(file, mirror)
    print("Publishing", file.name)
