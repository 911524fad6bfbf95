import numpy as np


def highest(heights):
    return float(np.max(heights))
