"""Ink."""


def mixed(colours: list[str]) -> str:
    """The names of colours as one."""
    return "-".join(sorted(colours))
