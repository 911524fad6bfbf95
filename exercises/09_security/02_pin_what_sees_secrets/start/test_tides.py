import unittest

from tides import high_waters


class Tides(unittest.TestCase):
    def test_the_next_high_water_comes_25_minutes_later(self):
        self.assertEqual(high_waters(60, 3), [60, 805, 1550])
