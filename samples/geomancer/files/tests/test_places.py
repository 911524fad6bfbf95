"""Places: which is nearest, how many are near. Needs the data that ci/get_data.py gets."""

import pathlib
import unittest

from geomancer import Places

FILE = pathlib.Path(__file__).parent / "data" / "places.sqlite"
HERE = (14.5550, 121.0240)


class PlacesTest(unittest.TestCase):
    def setUp(self):
        self.assertTrue(FILE.exists(), "first: python ci/get_data.py")
        self.places = Places(FILE)

    def test_the_nearest_bakery(self):
        self.assertEqual(self.places.nearest(HERE, "bakery"), "Village Bakery")

    def test_what_is_not_there_is_not_found(self):
        self.assertIsNone(self.places.nearest(HERE, "lighthouse"))

    def test_only_those_within_reach_are_counted(self):
        self.assertEqual(self.places.count(HERE, "bakery", within=1000), 2)
        self.assertEqual(self.places.count(HERE, "bakery", within=20000), 3)

    def test_a_wrong_path_is_an_error_and_makes_no_file(self):
        wrong = FILE.with_name("nowhere.sqlite")
        self.addCleanup(wrong.unlink, missing_ok=True)
        with self.assertRaises(Exception):
            Places(wrong).nearest(HERE, "bakery")
        self.assertFalse(wrong.exists())


if __name__ == "__main__":
    unittest.main()
