import csv
import unittest


class Report(unittest.TestCase):
    def test_each_month_has_visitors(self):
        with open("report.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertTrue(rows)
        for row in rows:
            self.assertGreater(int(row["visitors"]), 0)
