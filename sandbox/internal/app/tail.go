package app

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// Tail reads the whole lines of a file that grows from an offset on, and says where they end; from a negative offset it reads nothing
// and says where the file ends.
func Tail(name string, offset int64, most int) ([]byte, int64) {
	file, err := os.Open(name)
	if err != nil {
		return nil, max(offset, 0)
	}
	defer func() { _ = file.Close() }()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil || offset < 0 {
		return nil, size
	}
	if size < offset { // It was begun anew.
		offset = 0
	}
	text := make([]byte, most)
	n, err := file.ReadAt(text, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, offset
	}
	end := bytes.LastIndexByte(text[:n], '\n') + 1
	if end == 0 && n == most { // A line that is longer than anybody reads.
		end = n
	}
	return text[:end], offset + int64(end)
}
