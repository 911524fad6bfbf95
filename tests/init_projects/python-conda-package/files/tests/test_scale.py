from charts import scale


def test_it_gets_smaller():
    assert scale(2) == 0.5
