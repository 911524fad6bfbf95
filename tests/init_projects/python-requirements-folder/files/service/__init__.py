import tabulate

TABLE = tabulate.tabulate


def first(names):
    return sorted(names)[0]
