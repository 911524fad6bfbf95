def berths() -> int:
    return 12
