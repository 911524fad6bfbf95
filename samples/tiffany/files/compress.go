package main

// #cgo LDFLAGS: -lz
// #include <zlib.h>
import "C"

import (
	"fmt"
	"unsafe"
)

// compress asks the C library of the system: what is built here needs that library wherever it runs.
func compress(raw []byte) ([]byte, error) {
	size := C.uLongf(C.compressBound(C.uLong(len(raw))))
	packed := make([]byte, size)
	to, from := (*C.Bytef)(unsafe.Pointer(&packed[0])), (*C.Bytef)(unsafe.Pointer(&raw[0]))
	if code := C.compress2(to, &size, from, C.uLong(len(raw)), C.Z_BEST_COMPRESSION); code != C.Z_OK {
		return nil, fmt.Errorf("zlib says %d", int(code))
	}
	return packed[:size], nil
}
