import unittest

from days import days


class Days(unittest.TestCase):
    def test_each_visit_counts_on_the_day_that_the_museum_had(self):
        self.assertEqual(days(), {"2026-03-01": 4, "2026-03-02": 2})
