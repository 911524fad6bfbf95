"""Distance: known ways, in both directions."""

import unittest

from geomancer import metres

MANILA, CEBU = (14.5995, 120.9842), (10.3157, 123.8854)


class DistanceTest(unittest.TestCase):
    def test_from_manila_to_cebu(self):
        self.assertAlmostEqual(metres(MANILA, CEBU) / 1000, 571, delta=2)

    def test_the_way_back_is_as_long(self):
        self.assertEqual(round(metres(MANILA, CEBU)), round(metres(CEBU, MANILA)))

    def test_here_is_no_way_at_all(self):
        self.assertEqual(metres(MANILA, MANILA), 0)

    def test_a_degree_to_the_north_is_a_hundred_and_eleven_kilometres(self):
        self.assertAlmostEqual(metres((0, 0), (1, 0)) / 1000, 111.2, delta=0.1)


if __name__ == "__main__":
    unittest.main()
