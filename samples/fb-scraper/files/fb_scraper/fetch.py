"""The only file that opens a connection, and the only one that sees the token."""

import urllib.request


class Fetcher:
    """Fetches an address. The token travels in a header, so it stands in no address and in no log."""

    def __init__(self, token, timeout=20):
        self._token = token
        self._timeout = timeout

    def request(self, address):
        """The request as it would be sent; nothing is sent here."""
        return urllib.request.Request(address, headers={"Authorization": f"Bearer {self._token}"})

    def __call__(self, address):
        with urllib.request.urlopen(self.request(address), timeout=self._timeout) as answer:
            return answer.read().decode("utf-8")

    def __repr__(self):
        return "Fetcher(token=***)"
