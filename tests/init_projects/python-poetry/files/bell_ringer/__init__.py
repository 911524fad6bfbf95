def ring(times):
    return "ding " * times
