def turn(times):
    return times % 4
