import unittest

import visits


class Visits(unittest.TestCase):
    def test_each_visit_counts(self):
        before = visits.count("home")
        visits.note("home")
        visits.note("home")
        self.assertEqual(visits.count("home"), before + 2)

    def test_each_page_has_its_own_number(self):
        visits.note("home")
        self.assertEqual(visits.count("nowhere"), 0)
