"""Makes the program as one file, `dist/tally.pyz`, and its digest, `dist/SHA256SUMS`."""

import hashlib
import os
import zipapp

os.makedirs("dist", exist_ok=True)
zipapp.create_archive("tally", "dist/tally.pyz", "/usr/bin/env python3")
with open("dist/tally.pyz", "rb") as file:
    digest = hashlib.sha256(file.read()).hexdigest()
with open("dist/SHA256SUMS", "w", encoding="utf-8") as file:
    file.write(f"{digest}  tally.pyz\n")
print("Made dist/tally.pyz and dist/SHA256SUMS.")
