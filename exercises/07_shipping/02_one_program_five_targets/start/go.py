"""Stands in for the Go compiler, which not every computer has: the same words, the same three variables.

    GOOS=linux GOARCH=arm64 CGO_ENABLED=0 python go.py build -o dist/tally_linux_arm64

What it makes for Linux runs, and prints the line of tally.go. For macOS and Windows it writes the head of a program.
"""

import argparse
import os
import platform
import re
import struct

HERE = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "amd64")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["build"])
    parser.add_argument("-o", dest="output", default="tally")
    options = parser.parse_args()
    system = os.environ.get("GOOS") or "linux"
    processor = os.environ.get("GOARCH") or HERE
    # Go does so too: for its own kind of machine it uses the C library, unless it is told not to.
    static = os.environ.get("CGO_ENABLED") == "0" or processor != HERE
    with open("tally.go", encoding="utf-8") as file:
        line = re.search(r'Println\("(.*)"\)', file.read())[1].encode() + b"\n"
    make = {"linux": linux, "darwin": darwin, "windows": windows}.get(system)
    if not make or processor not in ("amd64", "arm64"):
        raise SystemExit(f"go: unsupported GOOS/GOARCH pair {system}/{processor}")
    os.makedirs(os.path.dirname(options.output) or ".", exist_ok=True)
    with open(options.output, "wb") as file:
        file.write(make(processor, line, static))
    os.chmod(options.output, 0o755)
    print(f"{options.output}: {system}/{processor}, {'static' if static else 'needs a C library'}")


def linux(processor, line, static):
    """A whole program: it writes the line and ends."""
    start = 64 + 2 * 56
    if processor == "amd64":
        code = b"\xb8\x01\0\0\0\xbf\x01\0\0\0\x48\x8d\x35" + struct.pack("<i", 18 - 2)
        code += b"\xba" + struct.pack("<I", len(line)) + b"\x0f\x05\xb8\x3c\0\0\0\x31\xff\x0f\x05"
    else:
        words = [0xD2800020, 0x10000001 | 7 << 5, 0xD2800002 | len(line) << 5, 0xD2800808, 0xD4000001]
        code = struct.pack("<8I", *words, 0xD2800000, 0xD2800BA8, 0xD4000001)
    interpreter = b"/lib64/ld-linux-x86-64.so.2\0" if processor == "amd64" else b"/lib/ld-linux-aarch64.so.1\0"
    body = code + line
    machine = {"amd64": 62, "arm64": 183}[processor]
    base = 0x400000
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, base + start, 64, 0, 0, 64, 56, 2, 64, 0, 0)
    size = start + len(body) + len(interpreter)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 0x10000)
    # A program header of the kind 3 names who is to load the C library; one of the kind 0 says nothing.
    at = start + len(body)
    other = struct.pack("<IIQQQQQQ", 0 if static else 3, 4, at, base + at, base + at, len(interpreter), len(interpreter), 1)
    return head + load + other + body + interpreter


def darwin(processor, line, _):
    kind = {"amd64": 0x01000007, "arm64": 0x0100000C}[processor]
    return struct.pack("<IIIIIIII", 0xFEEDFACF, kind, 0, 2, 0, 0, 0, 0) + line


def windows(processor, line, _):
    kind = {"amd64": 0x8664, "arm64": 0xAA64}[processor]
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", kind) + bytes(18) + line


if __name__ == "__main__":
    main()
