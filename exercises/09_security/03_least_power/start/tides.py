"""When the water is high: half a day and 25 minutes after it was high before."""


def high_waters(first, count):
    """The first `count` high waters of a harbour, in minutes after midnight."""
    return [first + 745 * turn for turn in range(count)]
