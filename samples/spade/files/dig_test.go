package main

import (
	"fmt"
	"strings"
	"testing"
)

const table = "name,town\nAnn,Delft\nBen,Ghent\nCho,Delft\nDov,\nEva,Bern\n"

func TestTheMostFrequentValueComesFirst(t *testing.T) {
	values, err := dig(strings.NewReader(table), "town")
	if told := fmt.Sprint(values, err); told != "[{Delft 2} {Bern 1} {Ghent 1}] <nil>" {
		t.Fatal(told)
	}
}

func TestAColumnThatIsNotThereIsNamed(t *testing.T) {
	_, err := dig(strings.NewReader(table), "city")
	if err == nil || !strings.Contains(err.Error(), `"city"`) {
		t.Fatal(err)
	}
}

func TestAnEmptyTableIsAnError(t *testing.T) {
	if _, err := dig(strings.NewReader(""), "town"); err == nil {
		t.Fatal("no error")
	}
}
