package winch

import "testing"

func TestPull(t *testing.T) {
	if Pull(2) != 8 {
		t.Fatal("too far")
	}
}
