import unittest

from lib import half


class Tests(unittest.TestCase):
    def test_half(self):
        self.assertEqual(half(4), 2)
