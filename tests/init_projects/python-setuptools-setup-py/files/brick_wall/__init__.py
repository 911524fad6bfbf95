def bricks(rows):
    return rows * 12
