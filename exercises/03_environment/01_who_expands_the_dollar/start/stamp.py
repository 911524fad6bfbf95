"""Writes stamp.txt: which edition this is, and from which commit it was made."""

import argparse
from pathlib import Path

HERE = Path(__file__).parent


def main():
    """Refuses what it does not know, so that a wrong stamp is noticed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--edition", required=True)
    parser.add_argument("--commit", required=True)
    given = parser.parse_args()
    editions = (HERE / "editions.txt").read_text().split()
    if given.edition not in editions:
        raise SystemExit(f"stamp.py: there is no edition {given.edition!r}")
    if len(given.commit) != 8:
        raise SystemExit(f"stamp.py: {given.commit!r} are not eight characters of a commit")
    Path("stamp.txt").write_text(f"{given.edition} {given.commit}\n")
    print(f"stamped: {given.edition}, from {given.commit}")


main()
