package main

import "testing"

func TestFare(t *testing.T) {
	if fare(3) != 5 {
		t.Fatal(fare(3))
	}
}
