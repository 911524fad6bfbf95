package api

// Sum adds.
func Sum(a, b int) int { return a + b }
