from pathlib import Path

from prices import average

PRICES = Path(__file__).parent / "data" / "prices.csv"


def test_the_average_of_three_prices():
    assert average(PRICES) == 2.0
