def opens(key):
    return key == "right"
