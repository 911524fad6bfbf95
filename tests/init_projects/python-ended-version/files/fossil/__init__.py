def age(layers):
    return len(layers) * 1000
