"""Sales per shop, as a table for people."""

from tabulate import tabulate


def totals(sales):
    """Adds up what each shop sold."""
    result = {}
    for shop, amount in sales:
        result[shop] = amount
    return result


def report(sales):
    """The totals as text, best shop first."""
    rows = sorted(totals(sales).items(), key=lambda row: -row[1])
    return tabulate(rows, headers=["shop", "sold"])
