def ropes(masts):
    return masts * 12
