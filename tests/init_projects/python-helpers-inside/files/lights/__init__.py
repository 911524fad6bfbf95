"""Lights of a harbour."""


def seen(miles):
    return miles < 20
