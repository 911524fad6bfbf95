def scale(metres):
    return 1 / metres
