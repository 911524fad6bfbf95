"""`python sign.py FOLDER` writes SHA256SUMS, the checksums of the files in there, and SHA256SUMS.sig, its signature.

The private key comes from the variable SIGNING_KEY.
"""

import hashlib
import os
import pathlib
import sys

import ed25519

folder = pathlib.Path(sys.argv[1])
key = os.environ.get("SIGNING_KEY", "")
if not key:
    raise SystemExit("sign.py: SIGNING_KEY is empty")
files = sorted(it for it in folder.iterdir() if not it.name.startswith("SHA256SUMS"))
sums = "".join(f"{hashlib.sha256(it.read_bytes()).hexdigest()}  {it.name}\n" for it in files)
(folder / "SHA256SUMS").write_text(sums)
(folder / "SHA256SUMS.sig").write_text(ed25519.sign(key, sums.encode()) + "\n")
print("Signed", ", ".join(it.name for it in files), "in", folder)
