"""Dough: the amounts, and what is refused."""

import unittest

from pizapy import Dough, dough


class DoughTest(unittest.TestCase):
    def test_two_pizzas_of_thirty_centimetres(self):
        self.assertEqual(dough(pizzas=2, diameter=30), Dough(flour=357, water=232, salt=10, yeast=2))

    def test_a_pizza_twice_as_wide_needs_four_times_the_dough(self):
        small, large = dough(1, diameter=20), dough(1, diameter=40)
        self.assertAlmostEqual(large.weight / small.weight, 4, delta=0.1)

    def test_it_weighs_the_sum_of_its_parts(self):
        self.assertEqual(Dough(100, 65, 3, 1).weight, 169)

    def test_less_than_one_pizza_is_refused(self):
        for pizzas in (0, -1):
            with self.subTest(pizzas), self.assertRaises(ValueError):
                dough(pizzas)

    def test_a_flat_diameter_is_refused(self):
        with self.assertRaises(ValueError):
            dough(1, diameter=0)


if __name__ == "__main__":
    unittest.main()
