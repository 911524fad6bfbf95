"""The command line of bqup."""

import argparse
import pathlib
import sys

from bqup import __version__
from bqup.backup import back_up
from bqup.warehouse import connect


def arguments(words):
    parser = argparse.ArgumentParser(prog="bqup", description="Back up the views of a project as .sql files")
    parser.add_argument("folder", type=pathlib.Path, help="where the files go")
    parser.add_argument("--project", required=True, help="the project to read")
    parser.add_argument("--version", action="version", version=__version__)
    return parser.parse_args(words)


def main(words=None, connect=connect):
    wanted = arguments(words)
    changes = back_up(connect(wanted.project), wanted.folder)
    print(f"{changes.written} written, {changes.unchanged} unchanged, {changes.removed} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
