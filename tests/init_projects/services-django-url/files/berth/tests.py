from django.conf import settings
from django.test import TestCase

from berth.models import Berth


class Taking(TestCase):
    def test_a_ship_that_just_fits(self):
        berth = Berth.objects.create(length=30)
        self.assertTrue(berth.takes(30))
        self.assertIn("MD5", settings.PASSWORD_HASHERS[0])
