def berths(boats):
    return 10 - boats
