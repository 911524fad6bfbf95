import unittest

from hello import greeting


class Greeting(unittest.TestCase):
    def test_the_name_is_in_it(self):
        self.assertEqual(greeting("Ada"), "Hello, Ada!")
