def noon(height):
    return 90 - height
