"""Runs the tests in another order each time, and prints the number that makes it repeatable: SHUFFLE_SEED."""

import os
import random
import sys
import unittest


def each(suite):
    """The tests of a suite, one by one."""
    for part in suite:
        yield from each(part) if isinstance(part, unittest.TestSuite) else [part]


seed = os.environ.get("SHUFFLE_SEED") or str(random.randrange(1000))
tests = sorted(each(unittest.defaultTestLoader.discover(".")), key=lambda it: it.id())
random.Random(seed).shuffle(tests)
print(f"The order is that of SHUFFLE_SEED={seed}", flush=True)
done = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(unittest.TestSuite(tests))
sys.exit(not done.wasSuccessful())
