def free(berths, ships):
    return berths - ships
