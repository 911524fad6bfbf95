package gate

import "testing"

func TestOpen(t *testing.T) {
	if Open(7) || !Open(8) {
		t.Fatal("not at eight")
	}
}
