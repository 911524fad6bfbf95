"""Two tests. A build that only installs would be green without them, whatever `hello.py` does."""

from hello import hello


def test_it_greets_the_world():
    assert hello() == "Hello, world!"


def test_it_greets_by_name():
    assert hello("Drone") == "Hello, Drone!"


if __name__ == "__main__":
    # pytest finds and calls them by itself; without pytest, calling them is enough.
    test_it_greets_the_world()
    test_it_greets_by_name()
    print("2 tests passed")
