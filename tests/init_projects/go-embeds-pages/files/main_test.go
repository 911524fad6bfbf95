package main

import "testing"

func TestAddress(t *testing.T) {
	if got := address("a"); got != "https://a/buoys" {
		t.Fatal(got)
	}
}
