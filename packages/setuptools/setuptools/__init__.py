"""The workshop's small stand-in for setuptools: what a setup.py calls. `build_meta` is what pip calls."""

import os

GIVEN = {}  # what the setup.py of this process has said
NO_PACKAGES = {"build", "dist", "docs", "examples", "test", "tests"}


def setup(**words):
    """Keeps what it is told."""
    GIVEN.update(words)


def find_packages(where=".", exclude=(), include=("*",)):
    """Folders with an `__init__.py`, also those inside others."""
    found = []
    for path, folders, files in os.walk(where):
        folders.sort()
        if path != where and "__init__.py" not in files:
            folders[:] = []
        elif path != where:
            found.append(os.path.relpath(path, where).replace(os.sep, "."))
    return [it for it in found if it.split(".")[0] not in NO_PACKAGES and it not in exclude]
