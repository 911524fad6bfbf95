import unittest

from jetty import length


class Jetty(unittest.TestCase):
    def test_two_for_each(self):
        self.assertEqual(length(3), 6)
