def lowest(heights):
    return min(heights)
