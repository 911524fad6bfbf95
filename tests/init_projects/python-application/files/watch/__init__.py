from packaging.version import Version


def newer(first, second):
    return Version(first) > Version(second)
