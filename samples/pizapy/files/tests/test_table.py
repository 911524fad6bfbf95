"""Slices: everybody is served, and no slice is lost."""

import unittest

from pizapy import shares


class SharesTest(unittest.TestCase):
    def test_slices_that_divide_evenly(self):
        self.assertEqual(shares(["Ann", "Ben"], pizzas=1), {"Ann": 4, "Ben": 4})

    def test_what_is_left_over_goes_round_from_the_first(self):
        self.assertEqual(shares(["Ann", "Ben", "Cho"], pizzas=2), {"Ann": 6, "Ben": 5, "Cho": 5})

    def test_no_slice_is_lost(self):
        for people in range(1, 12):
            names = [f"guest {number}" for number in range(people)]
            self.assertEqual(sum(shares(names, pizzas=3).values()), 24)

    def test_an_empty_table_is_refused(self):
        with self.assertRaises(ValueError):
            shares([], pizzas=1)

    def test_two_people_of_one_name_are_refused(self):
        with self.assertRaises(ValueError):
            shares(["Ann", "Ann"], pizzas=1)


if __name__ == "__main__":
    unittest.main()
