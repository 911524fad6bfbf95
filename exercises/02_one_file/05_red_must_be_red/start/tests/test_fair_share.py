from fair_share import split


def test_the_shares_add_up():
    assert sum(split(1000, 3)) == 1000


def test_nobody_pays_two_cents_more():
    shares = split(1000, 7)
    assert max(shares) - min(shares) <= 1
