package main

import (
	"bytes"
	"encoding/binary"
)

// The kinds of numbers in a TIFF file, and the compression that zlib does.
const (
	short   = 3
	long    = 4
	deflate = 8
)

type field struct {
	tag, kind uint16
	count     uint32
	value     uint32
}

// tiff packs rows of grey into a file with one picture of one strip.
func tiff(rows [][]byte) ([]byte, error) {
	packed, err := compress(bytes.Join(rows, nil))
	if err != nil {
		return nil, err
	}
	if len(packed)%2 == 1 {
		// What comes after the picture begins at an even place.
		packed = append(packed, 0)
	}
	width, height := uint32(len(rows[0])), uint32(len(rows))
	fields := []field{
		{256, long, 1, width},
		{257, long, 1, height},
		{258, short, 1, 8}, // bits
		{259, short, 1, deflate},
		{262, short, 1, 1}, // 0 is black
		{273, long, 1, 8},  // where the strip begins
		{277, short, 1, 1}, // one colour
		{278, long, 1, height},
		{279, long, 1, uint32(len(packed))},
	}
	var file bytes.Buffer
	file.WriteString("II*\x00")
	for _, part := range []any{uint32(8 + len(packed)), packed, uint16(len(fields)), fields, uint32(0)} {
		if err := binary.Write(&file, binary.LittleEndian, part); err != nil {
			return nil, err
		}
	}
	return file.Bytes(), nil
}
