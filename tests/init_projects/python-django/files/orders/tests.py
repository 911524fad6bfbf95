from django.test import SimpleTestCase

from orders import total


class Tests(SimpleTestCase):
    def test_total(self):
        self.assertEqual(total([2, 3]), 5)
