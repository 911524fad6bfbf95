def name():
    return "Håvøysund"
