from django.test import TestCase

from rope import length


class LengthTest(TestCase):
    def test_two_metres_for_the_knot(self):
        self.assertEqual(length(8), 10)
