import unittest

from bq_lite import views


class Tests(unittest.TestCase):
    def test_only_views(self):
        self.assertEqual(views(["a_view", "b"]), ["a_view"])
