"""Splits an amount of cents among people, so that no cent is lost."""


def shares(cents, people):
    """One share for each, the first ones a cent larger where it does not come out even."""
    each, left = divmod(cents, people)
    return [each + 1] * left + [each] * (people - left)
