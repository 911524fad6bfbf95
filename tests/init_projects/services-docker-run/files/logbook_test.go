package logbook

import (
	"os"
	"testing"
)

func TestPages(t *testing.T) {
	if os.Getenv("DATABASE_URL") == "" {
		t.Skip("no database")
	}
	if Pages(40) != 2 {
		t.Fatal("lost")
	}
}
