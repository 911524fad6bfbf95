"""Who gets how many slices."""


def shares(people, pizzas, slices=8):
    """Slices for each. What is left over goes round the table, from the first."""
    if not people:
        raise ValueError("nobody is at the table")
    if len(set(people)) != len(people):
        raise ValueError("two people share a name: tell them apart first")
    each, left = divmod(pizzas * slices, len(people))
    return {person: each + (1 if place < left else 0) for place, person in enumerate(people)}
