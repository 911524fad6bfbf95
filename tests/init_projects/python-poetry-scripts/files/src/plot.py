def width(hours):
    return hours * 40
