package app

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"kubedrill.dev/sandbox/internal/nginx"
	"kubedrill.dev/sandbox/internal/shell"
)

// siteWaits is how long nginx may take to look up the names in its configuration.
const siteWaits = 30 * time.Second

// Site is what nginx runs with. While its configuration is the image's own, the catalogue's entry speaks for it and there is none here.
type Site struct {
	argv   atomic.Pointer[[]string]
	config atomic.Pointer[nginx.Config]
	stats  nginx.Stats
}

// Runs tells whether nginx runs.
func (s *Site) Runs() bool { return s.argv.Load() != nil }

// Stop forgets everything.
func (s *Site) Stop() {
	s.argv.Store(nil)
	s.config.Store(nil)
}

// startSite reads nginx's configuration and opens its ports; a mistake in it is the program's end.
func startSite(s Life, argv []string, end func(code int32)) {
	beside := s.Beside()
	s.Apart(func() func() {
		config, err := readSite(beside, argv)
		return func() {
			if err != nil {
				s.Print("stderr", nginx.Stamp("emerg", 1, err.Error()))
				s.Print("stderr", "nginx: [emerg] "+err.Error())
				end(1)
				return
			}
			s.Site().argv.Store(&argv)
			use(s, config, "nginx: [warn] ")
			open(s)
		}
	})
}

// use makes a configuration the one that counts; also is what its warnings begin with for whoever started nginx.
func use(s Life, config *nginx.Config, also string) {
	if config.Shipped {
		s.Site().config.Store(nil)
		s.Take(s.Image().Listens(s.Argv(), s.Env()))
		return
	}
	for _, w := range config.Warnings {
		s.Print("stderr", nginx.Stamp("warn", 1, w.Error()))
		if also != "" {
			s.Print("stderr", also+w.Error())
		}
	}
	s.Site().config.Store(config)
	s.Take(config.Ports)
}

// Reload makes nginx read its configuration again, as SIGHUP does; with a mistake in it, it goes on with the one that it has.
func Reload(s Life) {
	site, beside := s.Site(), s.Beside()
	argv, before := site.argv.Load(), site.config.Load()
	if argv == nil {
		return
	}
	notice := func(text string) {
		if before == nil || before.Logs("notice") {
			s.Print("stderr", nginx.Stamp("notice", 1, text))
		}
	}
	notice("signal 1 (SIGHUP) received from 37, reconfiguring")
	notice("reconfiguring")
	s.Apart(func() func() {
		config, err := readSite(beside, *argv)
		return func() {
			if err != nil {
				s.Print("stderr", nginx.Stamp("emerg", 1, err.Error()))
				return
			}
			use(s, config, "")
			s.Ready()
			notice("start worker processes")
		}
	})
}

// logFolder is where nginx' logs are; in the image they are links to the container's streams, unless something is mounted there.
const logFolder = "/var/log/nginx"

func readSite(s Stage, argv []string) (*nginx.Config, error) {
	ctx, cancel := context.WithTimeout(context.Background(), siteWaits)
	defer cancel()
	uid, _ := s.User()
	config, err := nginx.Read(ctx, nginx.Source{
		Files: s, Shipped: s.Image().Content(), Argv: argv, Version: expand(s, "{version}"), Root: uid == 0, Resolve: host{s}.Resolve,
	})
	if err != nil {
		return nil, err
	}
	if _, err := s.Stat(logFolder); err == nil {
		config.Shipped = false
	}
	return config, nil
}

// host is the container as nginx sees it.
type host struct{ Stage }

var errNoAddress = errors.New("no address")

// Resolve gives the addresses of a name.
func (h host) Resolve(ctx context.Context, name string) ([]string, error) {
	found, err := shell.Lookup(ctx, h.Stage, name)
	if err == nil && len(found.Addresses) == 0 {
		err = errNoAddress
	}
	return found.Addresses, err
}
