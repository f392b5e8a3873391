package app

import (
	"path"
	"time"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/shell"
)

// missingAfter is how long a program takes to find out that something it needs is not there.
const missingAfter = 200 * time.Millisecond

// Play runs the image's own program with argv; it calls end when the program ends by itself.
func Play(s Life, argv []string, end func(code int32)) {
	im := s.Image()
	s.Take(im.Listens(argv, s.Env()))
	if what := missing(s); what != "" {
		text := missed(s, what)
		s.After(missingAfter, func() { s.Print("stderr", text); end(im.Missing.Code) })
		return
	}
	for _, line := range im.Log {
		s.Print("stdout", expand(s, line))
	}
	if !s.Occupy(im.Memory.Value(), im.Leak.Value(), im.Startup.Duration) {
		return
	}
	s.Idle(im.IdleCPU.MilliValue())
	switch {
	case im.Acts == catalogue.Nginx:
		startSite(s, argv, end)
	case len(s.Ports()) > 0:
		open(s)
	}
	if im.Acts == catalogue.FluentBit {
		go collect(s.Beside(), argv)
	}
	for _, r := range im.Every {
		repeat(s, r.After.Duration, r.Log)
	}
	if e := im.EndsByItself(argv); e != nil {
		s.After(e.After.Duration, func() {
			if e.Log != "" {
				s.Print("stdout", expand(s, e.Log))
			}
			end(e.Code)
		})
	}
}

// open opens the ports once the program has started up.
func open(s Life) {
	s.After(s.Image().Startup.Duration, func() {
		s.Ready()
		for _, line := range s.Image().Listening {
			s.Print("stdout", expand(s, line))
		}
	})
}

func repeat(s Life, d time.Duration, line string) {
	s.After(d, func() {
		s.Print("stdout", expand(s, line))
		repeat(s, d, line)
	})
}

// Stop is how the program takes SIGTERM.
func Stop(s Life, end func(code int32)) {
	stop := s.Image().Stop
	s.After(stop.After.Duration, func() {
		if stop.Log != "" {
			s.Print("stdout", expand(s, stop.Log))
		}
		end(stop.Code)
	})
}

// PlaysItself tells whether a command is the image's own program rather than one of the shell's.
func PlaysItself(im *catalogue.Image, argv []string) bool {
	return len(argv) > 0 && im.Plays(argv[0]) && !shell.IsTool(path.Base(argv[0]))
}
