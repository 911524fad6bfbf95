package main

import "testing"

func TestKnots(t *testing.T) {
	if knots(2) != 4 {
		t.Fatal("not four")
	}
}
