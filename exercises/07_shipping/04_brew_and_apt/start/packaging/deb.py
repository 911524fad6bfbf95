"""Writes the package for apt, `dist/tally_VERSION_all.deb`: python packaging/deb.py VERSION

A .deb is an archive of three files: what format it has, what the package says of itself, and what goes where.
"""

import io
import sys
import tarfile

if len(sys.argv) != 2 or not sys.argv[1]:
    sys.exit(__doc__)
version = sys.argv[1]

control = f"""Package: tally
Version: {version}
Architecture: all
Depends: python3
Maintainer: The makers of tally <tally@example.com>
Description: Adds up what stands in a file
"""


def tar(files):
    """A packed archive with these files, each with its mode."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, (content, mode) in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            entry.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def member(name, content):
    """A file in the outer archive: a head of 60 letters, and an even number of bytes."""
    head = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode()
    return head + content + b"\n" * (len(content) % 2)


with open("out/tally", "rb") as file:
    program = file.read()
with open(f"dist/tally_{version}_all.deb", "wb") as file:
    file.write(b"!<arch>\n")
    file.write(member("debian-binary", b"2.0\n"))
    file.write(member("control.tar.gz", tar({"./control": (control.encode(), 0o644)})))
    folders = {name: (b"", 0o755) for name in ("./", "./usr/", "./usr/bin/")}
    file.write(member("data.tar.gz", tar({**folders, "./usr/bin/tally": (program, 0o755)})))
print(f"Made dist/tally_{version}_all.deb.")
