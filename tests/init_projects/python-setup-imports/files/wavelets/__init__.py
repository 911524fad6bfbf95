import numpy


def crest(heights: list[float]) -> float:
    return float(numpy.max(heights))
