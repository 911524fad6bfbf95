import unittest


class Tests(unittest.TestCase):
    def test_it(self):
        self.assertTrue(True)
