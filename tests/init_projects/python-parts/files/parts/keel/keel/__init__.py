def metres(feet):
    return feet * 3 // 10
