"""Greets whoever asks."""


def greeting(name):
    """A greeting for one person."""
    return f"Hello, {name}!"


if __name__ == "__main__":
    print(greeting("world"))
