// Package winch pulls.
package winch

// Pull says how far.
func Pull(turns int) int {
	return turns * 4
}
