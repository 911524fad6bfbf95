package knots
