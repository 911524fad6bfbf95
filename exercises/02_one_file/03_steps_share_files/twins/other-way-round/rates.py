"""Growth from one number to the next."""


def growth(numbers):
    """How much each number is above the one before, in percent."""
    pairs = zip(numbers, numbers[1:])
    return [round(100 * (new - old) / new, 1) for old, new in pairs]
