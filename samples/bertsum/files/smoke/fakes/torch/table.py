"""Rows of numbers, in the place of a tensor."""


class Tensor:
    def __init__(self, rows):
        self.rows = rows

    def tolist(self):
        return self.rows

    def mean(self, dim):
        return Tensor([[sum(part) / len(part) for part in zip(*row)] for row in self.rows])

    def squeeze(self, dim):
        return Tensor([row[0] for row in self.rows])
