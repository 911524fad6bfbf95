"""Adds up what stands in a file, or what it is given, one number a line."""

import sys


def total(lines):
    """The sum of the lines that are not blank."""
    return sum(int(it) for it in lines if it.strip())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8") as file:
            print(total(file))
    else:
        print("tally FILE adds up the numbers of a file, one a line")
