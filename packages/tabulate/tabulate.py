"""The workshop's small stand-in for tabulate: rows and headings → a table in the plain style."""


def tabulate(rows, headers=(), tablefmt="simple"):
    """The table as text: headings, a line, the rows. Other styles than `simple` and `plain` look like `simple`."""
    rows = [[str(cell) for cell in row] for row in rows]
    headers = [str(it) for it in headers]
    lines = ([headers] if headers else []) + rows
    count = max((len(line) for line in lines), default=0)
    lines = [line + [""] * (count - len(line)) for line in lines]
    widths = [max(len(line[at]) for line in lines) for at in range(count)]
    right = [all(is_number(row[at]) for row in rows if at < len(row)) for at in range(count)]
    text = [joined(line, widths, right) for line in lines]
    if tablefmt != "plain":
        text.insert(1 if headers else 0, "  ".join("-" * width for width in widths))
    return "\n".join(text)


def joined(line, widths, right):
    cells = [it.rjust(width) if number else it.ljust(width) for it, width, number in zip(line, widths, right)]
    return "  ".join(cells).rstrip()


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True
