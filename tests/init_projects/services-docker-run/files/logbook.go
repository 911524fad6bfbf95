// Package logbook keeps what happened.
package logbook

// Pages says how many pages so many entries take.
func Pages(entries int) int {
	return entries / 20
}
