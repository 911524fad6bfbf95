"""Makes the program as one file, and packs it: `dist/tally.tar.gz`, which is what brew downloads."""

import os
import tarfile
import zipapp

os.makedirs("dist", exist_ok=True)
os.makedirs("out", exist_ok=True)
zipapp.create_archive("tally", "out/tally", "/usr/bin/env python3")
with tarfile.open("dist/tally.tar.gz", "w:gz") as archive:
    archive.add("out/tally", "tally")
print("Made dist/tally.tar.gz.")
