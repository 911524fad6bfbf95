import os

import psycopg
import redis


def visit(name):
    """Counts a visit; the newest number is kept at hand, all of them in the database."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        database.execute("create table if not exists visits (name text)")
        database.execute("insert into visits values (%s)", [name])
        count = database.execute("select count(*) from visits where name = %s", [name]).fetchone()[0]
    redis.Redis.from_url(os.environ["CACHE"]).set(name, count)
    return count
