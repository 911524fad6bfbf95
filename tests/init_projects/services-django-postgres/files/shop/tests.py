from django.test import TestCase

from shop.models import Jar


class Selling(TestCase):
    def test_what_is_sold_is_gone(self):
        jar = Jar.objects.create(name="plums", left=7)
        jar.sell(2)
        self.assertEqual(Jar.objects.get(name="plums").left, 5)
