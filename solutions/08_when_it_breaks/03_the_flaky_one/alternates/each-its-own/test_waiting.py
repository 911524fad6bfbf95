import unittest

from waiting import WaitingList


class Waiting(unittest.TestCase):
    def test_a_guest_joins(self):
        guests = WaitingList()
        guests.join("Ada")
        self.assertEqual(guests.names[-1], "Ada")

    def test_the_first_is_served_first(self):
        guests = WaitingList()
        guests.join("Bo")
        guests.join("Cy")
        self.assertEqual(guests.serve(), "Bo")

    def test_everybody_goes_home(self):
        guests = WaitingList()
        guests.join("Dee")
        guests.close()
        self.assertEqual(guests.names, [])
