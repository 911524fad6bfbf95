import os

import psycopg


def berths():
    with psycopg.connect(host=os.environ["POSTGRES_SERVER"], dbname="berths", user="postgres") as sea:
        return sea.execute("select 40 + 2").fetchone()[0]
