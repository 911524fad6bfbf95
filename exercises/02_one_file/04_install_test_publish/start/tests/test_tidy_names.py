from tidy_names import tidy


def test_blanks_become_one_underscore():
    assert tidy("Unit  price (EUR)") == "unit_price_eur"


def test_a_good_name_stays():
    assert tidy("shop_id") == "shop_id"
