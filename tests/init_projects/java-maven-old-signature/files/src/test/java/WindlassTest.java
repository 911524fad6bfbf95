class WindlassTest {}
