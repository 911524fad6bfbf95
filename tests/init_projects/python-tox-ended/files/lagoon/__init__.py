def depth(pressure):
    return pressure / 10
