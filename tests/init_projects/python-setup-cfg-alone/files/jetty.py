def length(planks):
    return planks * 2
