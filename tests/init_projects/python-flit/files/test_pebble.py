import unittest

from pebble import skips


class Tests(unittest.TestCase):
    def test_half(self):
        self.assertEqual(skips(5), 2)
