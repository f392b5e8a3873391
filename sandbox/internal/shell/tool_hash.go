package shell

import (
	"crypto/md5"  //nolint:gosec // md5sum is what it is.
	"crypto/sha1" //nolint:gosec // sha1sum is what it is.
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"io"
	"strings"
)

func base64Tool(k *call) int {
	o, ok := k.parse("dDw:i", "decode=d", "wrap=w:")
	if !ok {
		return 1
	}
	code := 0
	bad := k.each(o.rest, func(_ string, r io.Reader) error {
		b, err := io.ReadAll(io.LimitReader(r, maxText))
		if err != nil {
			return err
		}
		if o.has("d", "D") {
			text := strings.Join(strings.Fields(string(b)), "")
			out, err := base64.StdEncoding.DecodeString(text)
			_, _ = k.out.Write(out)
			if err != nil {
				if k.gnu() {
					code = k.fail("invalid input")
				} else {
					code = k.fail("truncated input")
				}
			}
			return nil
		}
		text := base64.StdEncoding.EncodeToString(b)
		if o.get("w", "76") == "0" {
			k.printf("%s", text)
			return nil
		}
		for len(text) > 76 {
			k.println(text[:76])
			text = text[76:]
		}
		k.println(text)
		return nil
	})
	return max(code, bad)
}

func sum(k *call) int {
	o, ok := k.parse("cbtsw")
	if !ok {
		return 1
	}
	return k.each(o.rest, func(name string, r io.Reader) error {
		var h hash.Hash
		switch k.name() {
		case "md5sum":
			h = md5.New() //nolint:gosec // See above.
		case "sha1sum":
			h = sha1.New() //nolint:gosec // See above.
		case "sha512sum":
			h = sha512.New()
		default:
			h = sha256.New()
		}
		if _, err := io.Copy(h, r); err != nil {
			return err
		}
		k.printf("%x  %s\n", h.Sum(nil), name)
		return nil
	})
}
