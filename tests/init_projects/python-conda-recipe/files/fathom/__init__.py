def metres(fathoms):
    return fathoms * 1.8288
