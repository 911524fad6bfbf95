def knots(miles, hours):
    return miles / hours
