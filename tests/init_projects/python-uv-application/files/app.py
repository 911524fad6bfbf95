def times(day):
    return ["9:00"] if day == "Sunday" else ["8:00", "9:00"]
