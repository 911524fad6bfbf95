def tons(metres):
    return metres * 3
