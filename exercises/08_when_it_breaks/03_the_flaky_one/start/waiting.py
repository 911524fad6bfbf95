"""The waiting list of a theatre. Who came first is served first."""


class WaitingList:
    """The names of those who wait, in the order in which they came."""

    def __init__(self):
        self.names = []

    def join(self, name):
        """Somebody begins to wait."""
        self.names.append(name)

    def serve(self):
        """The next one, who waits no longer."""
        return self.names.pop(0)

    def close(self):
        """Everybody goes home."""
        self.names.clear()
