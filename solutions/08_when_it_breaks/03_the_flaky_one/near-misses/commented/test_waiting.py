# Each test finds what the last one left.
import unittest

from waiting import WaitingList

GUESTS = WaitingList()


class Waiting(unittest.TestCase):
    def test_a_guest_joins(self):
        GUESTS.join("Ada")
        self.assertEqual(GUESTS.names[-1], "Ada")

    def test_the_first_is_served_first(self):
        GUESTS.join("Bo")
        GUESTS.join("Cy")
        self.assertEqual(GUESTS.serve(), "Bo")

    def test_everybody_goes_home(self):
        GUESTS.join("Dee")
        GUESTS.close()
        self.assertEqual(GUESTS.names, [])
