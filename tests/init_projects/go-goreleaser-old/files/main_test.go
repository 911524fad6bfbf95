package main

import "testing"

func TestCross(t *testing.T) {
	if cross(1) != 3 {
		t.Fatal("lost")
	}
}
