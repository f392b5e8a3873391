//go:build linux

package real

import (
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// held is how long requests' memory stays after the last of them.
const held = 5 * time.Second

// ballast is memory that this process has while requests come that need it.
type ballast struct {
	mu      sync.Mutex
	block   []byte
	release *time.Timer
}

// hold makes it so many bytes, which are touched so that they count: over the limit, the kernel ends the container. Nothing changes for
// a request that needs none.
func (b *ballast) hold(bytes int64) {
	if bytes <= 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.resize(int(bytes))
	if b.release == nil {
		b.release = time.AfterFunc(held, b.drop)
	} else {
		b.release.Reset(held)
	}
}

func (b *ballast) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.resize(0)
}

func (b *ballast) resize(bytes int) {
	page := os.Getpagesize()
	bytes = (bytes + page - 1) / page * page
	before := len(b.block)
	var block []byte
	var err error
	switch {
	case bytes == before:
		return
	case bytes == 0:
		err = unix.Munmap(b.block)
	case before == 0:
		block, err = unix.Mmap(-1, 0, bytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	default:
		block, err = unix.Mremap(b.block, bytes, unix.MREMAP_MAYMOVE)
	}
	if err != nil { // The kernel gives no more: it stays as it was.
		return
	}
	b.block = block
	for i := before; i < bytes; i += page {
		block[i] = 1
	}
}
