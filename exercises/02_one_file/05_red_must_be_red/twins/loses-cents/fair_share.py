"""Splits a bill to the cent."""


def split(cents, people):
    """What each person pays; the first ones pay the cents that are left over."""
    share, rest = divmod(cents, people)
    return [share] * people
