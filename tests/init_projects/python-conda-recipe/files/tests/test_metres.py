import unittest

from fathom import metres


class Tests(unittest.TestCase):
    def test_ten_fathoms(self):
        self.assertAlmostEqual(metres(10), 18.288)
