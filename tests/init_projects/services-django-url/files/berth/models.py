from django.db import models


class Berth(models.Model):
    """A place for one ship."""

    length = models.PositiveIntegerField()

    def takes(self, ship):
        return ship <= self.length
