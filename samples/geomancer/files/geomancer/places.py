"""Places in a database, and the questions that one asks of them."""

import contextlib
import sqlite3

from geomancer.distance import metres


class Places:
    """A file of SQLite with a table `places`: kind, name, latitude, longitude."""

    def __init__(self, path):
        self._path = path

    def _all(self, kind):
        # Read only: a path that is wrong is an error, and no new, empty file.
        address = f"file:{self._path}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            question = "SELECT name, latitude, longitude FROM places WHERE kind = ?"
            return connection.execute(question, [kind]).fetchall()

    def around(self, here, kind):
        """Names and metres of all places of a kind, the nearest first."""
        found = [(name, metres(here, (latitude, longitude))) for name, latitude, longitude in self._all(kind)]
        return sorted(found, key=lambda it: it[1])

    def nearest(self, here, kind):
        """The name of the nearest place of a kind; None when there is none."""
        found = self.around(here, kind)
        return found[0][0] if found else None

    def count(self, here, kind, within):
        """How many places of a kind are within so many metres."""
        return sum(1 for _, distance in self.around(here, kind) if distance <= within)
