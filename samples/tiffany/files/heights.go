package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// heights reads lines of numbers; all lines are of one length.
func heights(text string) ([][]float64, error) {
	var rows [][]float64
	for number, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var row []float64
		for _, word := range strings.Fields(line) {
			height, err := strconv.ParseFloat(word, 64)
			if err != nil {
				return nil, fmt.Errorf("line %d: %q is no height", number+1, word)
			}
			row = append(row, height)
		}
		if len(row) == 0 || len(rows) > 0 && len(row) != len(rows[0]) {
			return nil, fmt.Errorf("line %d is not as long as the first", number+1)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// grey makes the lowest height black and the highest white; a flat land has no lowest, and is grey.
func grey(rows [][]float64) [][]byte {
	low, high := rows[0][0], rows[0][0]
	for _, row := range rows {
		for _, it := range row {
			low, high = math.Min(low, it), math.Max(high, it)
		}
	}
	shades := make([][]byte, len(rows))
	for place, row := range rows {
		for _, it := range row {
			shade := 127.5
			if high > low {
				shade = (it - low) / (high - low) * 255
			}
			shades[place] = append(shades[place], byte(shade+0.5))
		}
	}
	return shades
}
