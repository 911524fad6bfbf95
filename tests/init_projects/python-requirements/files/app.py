from tabulate import tabulate


def bill(rows):
    total = sum(price for _, price in rows)
    return tabulate([*rows, ("all", total)])
