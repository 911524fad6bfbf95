import os

import redis

from app import visit


def test_visits_are_counted_and_kept_at_hand():
    assert [visit("lighthouse"), visit("lighthouse"), visit("mill")] == [1, 2, 1]
    assert redis.Redis.from_url(os.environ["CACHE"]).get("lighthouse") == b"2"
