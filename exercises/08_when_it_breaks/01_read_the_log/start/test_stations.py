import unittest

from stations import highest, stations


class Stations(unittest.TestCase):
    def test_each_country_has_stations(self):
        countries = {row["country"] for row in stations()}
        self.assertEqual(countries, {"at", "ch", "li"})

    def test_the_highest_is_in_the_mountains(self):
        self.assertEqual(highest(stations()), "Jungfraujoch")
