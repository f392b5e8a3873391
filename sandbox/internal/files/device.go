package files

import (
	"crypto/rand"
	"io"
)

type null struct{}

func (null) Read([]byte) (int, error)    { return 0, io.EOF }
func (null) Write(p []byte) (int, error) { return len(p), nil }
func (null) Close() error                { return nil }

type zero struct{ null }

func (zero) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type random struct{ null }

func (random) Read(p []byte) (int, error) { return rand.Read(p) }

func device(at string) File {
	switch at {
	case "/dev/null", "/dev/tty":
		return null{}
	case "/dev/zero":
		return zero{}
	case "/dev/urandom", "/dev/random":
		return random{}
	}
	return nil
}
