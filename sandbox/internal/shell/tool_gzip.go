package shell

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// gzipTool packs or unpacks one file or standard input.
func gzipTool(k *call) int {
	o, ok := k.parse("cdkfnqv123456789", "stdout=c", "decompress=d", "uncompress=d", "keep=k", "force=f")
	if !ok {
		return 1
	}
	unpack := o.has("d") || k.name() == "gunzip" || k.name() == "zcat"
	if len(o.rest) == 0 {
		o.rest = []string{"-"}
	}
	for _, name := range o.rest {
		if err := k.gzipOne(name, unpack, o.has("c") || k.name() == "zcat", o.has("k")); err != nil {
			return k.fail("%s", err)
		}
	}
	return 0
}

func (k *call) gzipOne(name string, unpack, toOut, keep bool) error {
	in, out := io.Reader(k.stdin()), io.WriteCloser(stream{k.out})
	if name != "-" {
		f, err := k.open(name)
		if err != nil {
			return fmt.Errorf("%s: %s", name, reason(err))
		}
		defer f.Close()
		in = f
	}
	if name != "-" && !toOut {
		to := name + ".gz"
		if unpack {
			if to = strings.TrimSuffix(name, ".gz"); to == name {
				return fmt.Errorf("%s: unknown suffix - ignored", name)
			}
		}
		f, err := k.create(to, os.O_TRUNC)
		if err != nil {
			return fmt.Errorf("%s: %s", to, reason(err))
		}
		out = f
	}
	err := recode(in, out, unpack)
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("%s: %s", name, err)
	}
	if name != "-" && !toOut && !keep {
		return k.c.Remove(k.abs(name))
	}
	return nil
}

func recode(in io.Reader, out io.Writer, unpack bool) error {
	if !unpack {
		z := gzip.NewWriter(out)
		_, err := io.Copy(z, in)
		return errors.Join(err, z.Close())
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return errors.New("invalid magic")
	}
	_, err = io.Copy(out, z)
	return err
}
