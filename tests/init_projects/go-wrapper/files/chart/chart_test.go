package chart

import "testing"

func TestVersion(t *testing.T) {
	if Version() == "" {
		t.Fatal("no version")
	}
}
