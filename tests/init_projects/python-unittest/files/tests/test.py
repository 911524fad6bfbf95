import unittest

from sail import area


class Tests(unittest.TestCase):
    def test_half_of_the_box(self):
        self.assertEqual(area(3, 4), 6)
