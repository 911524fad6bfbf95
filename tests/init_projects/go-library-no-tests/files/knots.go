package knots

// Names of knots.
var Names = []string{"reef", "bowline"}
