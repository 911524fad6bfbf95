def light(oil):
    return oil > 0
