import csv
import unittest
from pathlib import Path


class Table(unittest.TestCase):
    def setUp(self):
        with Path("/shared/table.csv").open(newline="") as table:
            self.rates = {(it["from"], it["to"]): float(it["rate"]) for it in csv.DictReader(table)}

    def test_there_and_back_is_where_one_was(self):
        for one, other in self.rates:
            self.assertAlmostEqual(self.rates[one, other] * self.rates[other, one], 1, places=3)

    def test_one_is_one(self):
        self.assertEqual(self.rates["GBP", "GBP"], 1)
