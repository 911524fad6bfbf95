"""Scores sentences. PyTorch is imported at the top, as research code does."""

import torch


class Scorer(torch.nn.Module):
    """A toy in the place of a large model: the mean of the words' vectors, and a line through it."""

    def __init__(self, words, width=16):
        super().__init__()
        self.vectors = torch.nn.Embedding(words, width)
        self.line = torch.nn.Linear(width, 1)

    def forward(self, numbers):
        return self.line(self.vectors(numbers).mean(dim=1)).squeeze(1)


def score(encoded, words, seed=0):
    """A score for each encoded sentence."""
    torch.manual_seed(seed)
    with torch.no_grad():
        return Scorer(words + 1)(torch.tensor(encoded)).tolist()
