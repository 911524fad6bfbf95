from django.test import SimpleTestCase
from freezegun import freeze_time

from pennants import colour


class ColourTest(SimpleTestCase):
    @freeze_time("2024-01-01")
    def test_blue_peter(self):
        self.assertEqual(colour("P"), "blue")
