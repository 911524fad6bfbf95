"""Looks at the files of a release as somebody does who downloads them: `python verify.py dist`.

Each of the five is for the system and the processor that its name says, asks for no C library, and has the digest that
SHA256SUMS says. Ends with 1 at the first that is not so.
"""

import hashlib
import os
import struct
import sys

FILES = [f"tally_{it}" for it in ("linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64.exe")]


def kind(content):
    """The system and the processor for which a program is, and whether it is static."""
    if content[:4] == b"\x7fELF":
        processor = {62: "amd64", 183: "arm64"}.get(struct.unpack_from("<H", content, 18)[0], "?")
        first, size, count = struct.unpack_from("<Q", content, 32)[0], *struct.unpack_from("<HH", content, 54)
        kinds = [struct.unpack_from("<I", content, first + at * size)[0] for at in range(count)]
        return f"linux_{processor}", 3 not in kinds
    if content[:4] == b"\xcf\xfa\xed\xfe":
        return "darwin_" + {0x01000007: "amd64", 0x0100000C: "arm64"}[struct.unpack_from("<I", content, 4)[0]], True
    if content[:2] == b"MZ":
        at = struct.unpack_from("<I", content, 60)[0]
        return "windows_" + {0x8664: "amd64", 0xAA64: "arm64"}[struct.unpack_from("<H", content, at + 4)[0]], True
    return "no system that is known here", True


def main(folder):
    for name in ["SHA256SUMS", *FILES]:
        if not os.path.exists(os.path.join(folder, name)):
            sys.exit(f"There is no {name} in {folder}.")
    with open(os.path.join(folder, "SHA256SUMS"), encoding="utf-8") as file:
        sums = dict(reversed(line.replace(" *", "  ").split(maxsplit=1)) for line in file.read().splitlines())
    for name in sums:
        if "/" in name:
            sys.exit(f"SHA256SUMS speaks of {name}. Who downloads it has no such folder: make it inside {folder}.")
    for name in sums.keys() - set(FILES):
        sys.exit(f"SHA256SUMS speaks of {name}, and that is none of the five files.")
    for name in FILES:
        with open(os.path.join(folder, name), "rb") as file:
            content = file.read()
        target, static = kind(content)
        if f"tally_{target}" != name.removesuffix(".exe"):
            sys.exit(f"{name} is a program for {target}.")
        if not static:
            sys.exit(f"{name} asks for the C library of the image that built it, and not every Linux has that one.")
        if sums.get(name) != hashlib.sha256(content).hexdigest():
            sys.exit(f"The digest of {name} is not the one in SHA256SUMS.")
        print(f"{name}: a static program for {target}, and its digest is right")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "dist")
