"""Says hello."""


def hello(name="world"):
    return f"Hello, {name}!"


if __name__ == "__main__":
    print(hello())
