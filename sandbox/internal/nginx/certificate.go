package nginx

import "fmt"

// certificates looks for what a server needs that listens with TLS.
func (b *builder) certificates(s *server) error {
	for _, l := range s.listens {
		if !l.secure || s.on("ssl_reject_handshake", false) {
			continue
		}
		for _, name := range []string{"ssl_certificate", "ssl_certificate_key"} {
			d := s.one(name)
			if d == nil {
				return s.at.mistake(`no "%s" is defined for the "listen ... ssl" directive`, name)
			}
			file := below(d.args[0])
			if _, err := b.from.Files.Stat(file); err != nil {
				what := "certificate"
				if name == "ssl_certificate_key" {
					what = "certificate key"
				}
				return &Mistake{Text: fmt.Sprintf(`cannot load %s "%s": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory:calling fopen(%[2]s, r) error:10000080:BIO routines::no such file)`, what, file)}
			}
		}
	}
	return nil
}
