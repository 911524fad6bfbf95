from django.db import models


class Jar(models.Model):
    """What stands on a shelf."""

    name = models.CharField(max_length=40)
    left = models.PositiveIntegerField()

    def sell(self, count):
        self.left = self.left - count
        self.save()
