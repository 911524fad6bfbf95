"""Gets tests/data/places.sqlite, which the tests read and git does not hold: a binary file that grows.

With PLACES_URL it is fetched from there. Without, it is made from the few rows in tests/data/places.csv, so that the tests run
anywhere. Either way the rows are compared with tests/data/places.sha256: data that somebody has changed would change what
green means, and nobody would have committed anything.
"""

import contextlib
import csv
import hashlib
import os
import pathlib
import sqlite3
import sys
import urllib.request

DATA = pathlib.Path(__file__).parent.parent / "tests" / "data"
TARGET = DATA / "places.sqlite"


def main():
    TARGET.unlink(missing_ok=True)
    address = os.environ.get("PLACES_URL")
    if address:
        urllib.request.urlretrieve(address, TARGET)
    else:
        make()
    found, wanted = checksum(), (DATA / "places.sha256").read_text().strip()
    if found != wanted:
        TARGET.unlink()
        sys.exit(f"The places are not those that the tests were written for: {found}, and not {wanted}.")
    print(f"{TARGET.name} is here")


def make():
    with open(DATA / "places.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    with contextlib.closing(sqlite3.connect(TARGET)) as connection, connection:
        connection.execute("CREATE TABLE places (kind TEXT, name TEXT, latitude REAL, longitude REAL)")
        connection.executemany("INSERT INTO places VALUES (?, ?, ?, ?)", rows)


def checksum():
    with contextlib.closing(sqlite3.connect(TARGET)) as connection:
        rows = connection.execute("SELECT kind, name, latitude, longitude FROM places ORDER BY 1, 2").fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


if __name__ == "__main__":
    main()
