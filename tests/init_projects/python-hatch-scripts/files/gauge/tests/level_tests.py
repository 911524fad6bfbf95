import unittest

from gauge import level


class Tests(unittest.TestCase):
    def test_level(self):
        self.assertEqual(level(2), 4)
