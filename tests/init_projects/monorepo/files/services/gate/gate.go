package gate

// Open says whether the gate is open at an hour.
func Open(hour int) bool { return hour >= 8 }
