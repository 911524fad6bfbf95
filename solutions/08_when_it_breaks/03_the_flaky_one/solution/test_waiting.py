import unittest

from waiting import WaitingList


class Waiting(unittest.TestCase):
    def setUp(self):
        # A list for each test: what another one has left is not in it.
        self.guests = WaitingList()

    def test_a_guest_joins(self):
        self.guests.join("Ada")
        self.assertEqual(self.guests.names[-1], "Ada")

    def test_the_first_is_served_first(self):
        self.guests.join("Bo")
        self.guests.join("Cy")
        self.assertEqual(self.guests.serve(), "Bo")

    def test_everybody_goes_home(self):
        self.guests.join("Dee")
        self.guests.close()
        self.assertEqual(self.guests.names, [])
