def green(rain):
    return rain > 3
