from hull import tons


def area(metres):
    return tons(metres) * 2
