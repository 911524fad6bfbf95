def grown(days):
    return days * 0.5
