def leaves(days):
    return days // 7
