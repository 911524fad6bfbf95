"""What the release calls."""


def stamp():
    return "4.1"
