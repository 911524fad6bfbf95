"""Publishes all of dist/. Here the server that users download from is a folder, mirror/."""

import hashlib
import pathlib
import shutil

mirror = pathlib.Path("mirror")
mirror.mkdir(exist_ok=True)
for file in sorted(pathlib.Path("dist").iterdir()):
    shutil.copy(file, mirror)
    print("Publishing", file.name)

# Somebody has broken into the server. They add something to the archive, and put the new checksum beside it.
archive = mirror / "tides.zip"
archive.write_bytes(archive.read_bytes() + b"something that nobody asked for")
(mirror / "SHA256SUMS").write_text(f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  tides.zip\n")
