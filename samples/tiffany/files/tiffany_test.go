package main

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
	"testing"
)

func TestTheLowestIsBlackAndTheHighestWhite(t *testing.T) {
	rows, err := heights("0 5\n10 2.5\n")
	if err != nil {
		t.Fatal(err)
	}
	if shades := bytes.Join(grey(rows), nil); !bytes.Equal(shades, []byte{0, 128, 255, 64}) {
		t.Fatal(shades)
	}
}

func TestAFlatLandIsGrey(t *testing.T) {
	rows, _ := heights("7 7")
	if shades := grey(rows); !bytes.Equal(shades[0], []byte{128, 128}) {
		t.Fatal(shades)
	}
}

func TestALineThatIsTooShortIsNamed(t *testing.T) {
	for _, text := range []string{"1 2\n3", "1 2\n\n3 4"} {
		if _, err := heights(text); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Fatal(text, err)
		}
	}
}

// What C has packed, Go unpacks: the file is one that other programs read.
func TestThePictureComesBack(t *testing.T) {
	rows := [][]byte{{1, 2, 3}, {4, 5, 6}}
	file, err := tiff(rows)
	if err != nil {
		t.Fatal(err)
	}
	fields := binary.LittleEndian.Uint32(file[4:])
	if fields%2 == 1 || binary.LittleEndian.Uint16(file[fields:]) != 9 {
		t.Fatal("there is no list of fields at", fields)
	}
	reader, err := zlib.NewReader(bytes.NewReader(file[8:fields]))
	if err != nil {
		t.Fatal(err)
	}
	shades, err := io.ReadAll(reader)
	if err != nil || !bytes.Equal(shades, bytes.Join(rows, nil)) {
		t.Fatal(shades, err)
	}
}
