"""A stand-in for PyTorch, as small as the code under smoke allows: shapes are right, numbers are not.

It exists so that a push is checked in seconds. What it promises ends where the real library begins; the nightly
build runs the same checks on that.
"""

import contextlib

from torch import nn
from torch.table import Tensor

__all__ = ["Tensor", "manual_seed", "nn", "no_grad", "tensor"]


def tensor(rows):
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise ValueError(f"rows of several lengths: {sorted(widths)}")
    return Tensor(rows)


def manual_seed(seed):
    return seed


def no_grad():
    return contextlib.nullcontext()
