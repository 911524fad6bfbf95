import unittest

from tally.__main__ import total


class Tally(unittest.TestCase):
    def test_numbers_are_added_up(self):
        self.assertEqual(total(["1", "2", "", "39"]), 42)

    def test_nothing_is_zero(self):
        self.assertEqual(total([]), 0)
