"""`python verify.py FOLDER` says whether the files in there are what the owner of the key has signed.

It needs only what any user has: the files, and the public key release.pub.
"""

import hashlib
import pathlib
import sys

import ed25519

folder = pathlib.Path(sys.argv[1])
if not (folder / "SHA256SUMS.sig").exists():
    raise SystemExit(f"verify.py: there is no {folder}/SHA256SUMS.sig; nothing here is signed")
sums = (folder / "SHA256SUMS").read_bytes()
public = pathlib.Path("release.pub").read_text().strip()
if not ed25519.verifies(public, sums, (folder / "SHA256SUMS.sig").read_text().strip()):
    raise SystemExit(f"verify.py: {folder}/SHA256SUMS is not what the owner of release.pub has signed")
for line in sums.decode().splitlines():
    digest, name = line.split(maxsplit=1)
    if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
        raise SystemExit(f"verify.py: {folder}/{name} is not the file that was signed")
    print("Verified", folder / name)
