import unittest

from fair_share import shares


class FairShare(unittest.TestCase):
    def test_no_cent_is_lost(self):
        self.assertEqual(sum(shares(1000, 3)), 1000)

    def test_shares_differ_by_one_cent_at_most(self):
        self.assertEqual(shares(11, 3), [4, 4, 3])
