package shell

import (
	"bytes"
	"io"
	"sync"

	"golang.org/x/term"
)

const (
	keyInterrupt = 3  // Control-C.
	keyKillLine  = 21 // Control-U.
)

// Size is how large a terminal is, in characters.
type Size struct{ Width, Height int }

// terminal is the far end of a raw terminal: it echoes, edits lines and turns Control-C into an interrupt.
type terminal struct {
	*term.Terminal
	keys *keyboard
}

func newTerminal(in io.Reader, out io.Writer, interrupt func()) *terminal {
	keys := newKeyboard(in)
	keys.interrupted(interrupt)
	return &terminal{Terminal: term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{keys, out}, ""), keys: keys}
}

// resize follows the size of the window.
func (t *terminal) resize(sizes <-chan Size) {
	for s := range sizes {
		if s.Width > 0 && s.Height > 0 {
			_ = t.SetSize(s.Width, s.Height)
		}
	}
}

// lines is what is typed, line by line, for a command that reads it.
func (t *terminal) lines() io.Reader { return &typed{t: t} }

type typed struct {
	t    *terminal
	rest []byte
}

func (l *typed) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		line, err := l.t.ReadLine()
		if err != nil {
			return 0, io.EOF
		}
		l.rest = []byte(line + "\n")
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// keyboard reads ahead, so that Control-C reaches a command that reads nothing.
type keyboard struct {
	mu     sync.Mutex
	filled *sync.Cond
	buffer []byte
	err    error
	stop   func() // Called on Control-C; nil while the shell waits for a line.
}

func newKeyboard(in io.Reader) *keyboard {
	k := &keyboard{}
	k.filled = sync.NewCond(&k.mu)
	go func() {
		p := make([]byte, 512)
		for {
			n, err := in.Read(p)
			k.mu.Lock()
			k.take(p[:n])
			if err != nil {
				k.err = err
			}
			k.filled.Broadcast()
			k.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return k
}

// take adds what was typed; with k.mu held.
func (k *keyboard) take(p []byte) {
	for {
		i := bytes.IndexByte(p, keyInterrupt)
		if i < 0 {
			break
		}
		k.buffer = append(k.buffer, p[:i]...)
		p = p[i+1:]
		if k.stop != nil {
			k.buffer = nil
			k.stop()
		} else {
			k.buffer = append(k.buffer, keyKillLine, '\r')
		}
	}
	if len(k.buffer)+len(p) <= maxScript {
		k.buffer = append(k.buffer, p...)
	}
}

// interrupted sets what Control-C does.
func (k *keyboard) interrupted(stop func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stop = stop
}

// Read waits for keys.
func (k *keyboard) Read(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.buffer) == 0 {
		if k.err != nil {
			return 0, k.err
		}
		k.filled.Wait()
	}
	n := copy(p, k.buffer)
	k.buffer = k.buffer[n:]
	return n, nil
}
