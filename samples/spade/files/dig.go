package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"sort"
)

// found is a value, and how often it stands in the column.
type found struct {
	value string
	count int
}

// dig counts the values of a column: the most frequent first, and the alphabet decides between equals.
func dig(table io.Reader, column string) ([]found, error) {
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil {
		return nil, err
	}
	place, err := placeOf(rows, column)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, row := range rows[1:] {
		if row[place] != "" {
			counts[row[place]]++
		}
	}
	return sorted(counts), nil
}

func placeOf(rows [][]string, column string) (int, error) {
	if len(rows) == 0 {
		return 0, fmt.Errorf("the table is empty")
	}
	for place, name := range rows[0] {
		if name == column {
			return place, nil
		}
	}
	return 0, fmt.Errorf("the table has no column %q", column)
}

func sorted(counts map[string]int) []found {
	var all []found
	for value, count := range counts {
		all = append(all, found{value, count})
	}
	sort.Slice(all, func(a, b int) bool {
		if all[a].count != all[b].count {
			return all[a].count > all[b].count
		}
		return all[a].value < all[b].value
	})
	return all
}
