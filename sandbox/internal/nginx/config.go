package nginx

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// Config is a configuration that nginx runs with.
type Config struct {
	Version string
	// Ports are those that it listens on.
	Ports []int32
	// Shipped says that every file is as it came with the image.
	Shipped bool
	// Warnings are what nginx says of it.
	Warnings []*Mistake

	main, http *scope
	servers    []*server
	upstreams  map[string]*upstream
	formats    map[string]string
	maps       map[string]*mapping
	known      map[string]bool // Variables that the configuration itself makes.
	used       []string        // Variables that it uses.
}

// server is a server block.
type server struct {
	*scope
	at        *directive
	names     []string
	patterns  []*regexp.Regexp
	listens   []listen
	locations []*location
	script    []step
}

// location is a location block.
type location struct {
	*scope
	at       *directive
	kind     string // "", "=", "^~", "~", "~*" or "@".
	path     string
	pattern  *regexp.Regexp
	inner    []*location
	script   []step
	proxy    *proxy
	internal bool
}

// Source is where a configuration is read from.
type Source struct {
	Files   Files
	Shipped map[string]string // The image's own files.
	Argv    []string
	Version string
	Root    bool // The program runs as root.
	// Resolve gives the addresses of a name.
	Resolve func(ctx context.Context, name string) ([]string, error)
}

// File is the main file that the command names.
func (s Source) File() string { return option(s.Argv, "-c", mainFile) }

// FilesOf are the files that a configuration is read from, in the order in which they are read.
func FilesOf(from Source) []string {
	r := &reader{files: from.Files}
	_, _ = r.file(from.File(), inMain, nil)
	return r.seen
}

func option(argv []string, name, other string) string {
	for i, word := range argv {
		if word == name && i+1 < len(argv) {
			return argv[i+1]
		}
		if value, ok := strings.CutPrefix(word, name); ok && value != "" {
			return value
		}
	}
	return other
}

// Read reads a configuration; an error is a *Mistake that nginx does not start with.
func Read(ctx context.Context, from Source) (*Config, error) {
	r := &reader{files: from.Files, shipped: from.Shipped}
	globals, err := r.block(&lexer{file: commandLine, text: option(from.Argv, "-g", ""), line: 1}, inMain, 0)
	if err != nil {
		return nil, err
	}
	block, err := r.file(from.File(), inMain, nil)
	if err != nil {
		return nil, err
	}
	c := &Config{
		Version: from.Version, Shipped: !r.changed && r.readsAllShipped(), upstreams: map[string]*upstream{}, formats: map[string]string{"combined": combined},
		maps: map[string]*mapping{}, known: map[string]bool{}, main: newScope(nil, append(globals, block...)),
	}
	if user := c.main.one("user"); user != nil && !from.Root {
		c.warn(user, `the "user" directive makes sense only if the master process runs with super-user privileges, ignored`)
	}
	b := &builder{Config: c, from: from, ctx: ctx}
	for _, d := range block {
		if d.name == "http" {
			if err := b.web(d); err != nil {
				return nil, err
			}
		}
	}
	if c.main.one("events") == nil {
		return nil, &Mistake{Text: `no "events" section in configuration`}
	}
	return c, nil
}

func (c *Config) warn(at *directive, text string) {
	c.Warnings = append(c.Warnings, &Mistake{text, at.file, at.line})
}

// readsAllShipped tells whether what the image brings along was read and nothing else.
func (r *reader) readsAllShipped() bool {
	for name := range r.shipped {
		if strings.HasPrefix(name, prefix+"/") && !slices.Contains(r.seen, name) {
			return false
		}
	}
	return true
}

// builder makes a configuration out of directives.
type builder struct {
	*Config
	from Source
	ctx  context.Context
	late []func() error // What nginx does at the end of the http block.
}

func (b *builder) web(d *directive) error {
	b.http = newScope(b.main, d.block)
	for _, one := range d.block { // What servers refer to may come after them.
		switch one.name {
		case "upstream":
			if err := b.upstream(one); err != nil {
				return err
			}
		case "log_format":
			b.formats[one.args[0]] = strings.Join(slices.DeleteFunc(slices.Clone(one.args[1:]), func(w string) bool { return strings.HasPrefix(w, "escape=") }), "")
			b.use(b.formats[one.args[0]])
		case "map":
			if err := b.mapping(one); err != nil {
				return err
			}
		case "geo", "split_clients":
			b.known[strings.TrimPrefix(one.args[len(one.args)-1], "$")] = true
		}
	}
	if err := b.level(b.http); err != nil {
		return err
	}
	for _, one := range d.block {
		if one.name == "server" {
			if err := b.server(one); err != nil {
				return err
			}
		}
	}
	if err := b.listening(); err != nil {
		return err
	}
	for _, f := range b.late {
		if err := f(); err != nil {
			return err
		}
	}
	return b.checkVariables()
}

func (b *builder) server(d *directive) error {
	s := &server{scope: newScope(b.http, d.block), at: d}
	b.servers = append(b.servers, s)
	for _, one := range d.block {
		switch one.name {
		case "listen":
			l, err := b.listen(one)
			if err != nil {
				return err
			}
			s.listens = append(s.listens, l)
		case "server_name":
			if err := b.names(s, one); err != nil {
				return err
			}
		}
	}
	if err := b.certificates(s); err != nil {
		return err
	}
	if len(s.listens) == 0 {
		s.listens = []listen{{port: 80, at: d}}
	}
	if err := b.level(s.scope); err != nil {
		return err
	}
	var err error
	if s.script, err = b.script(d.block); err != nil {
		return err
	}
	s.locations, err = b.locations(s.scope, d.block, nil)
	return err
}

func (b *builder) names(s *server, d *directive) error {
	for _, name := range d.args {
		if pattern, ok := strings.CutPrefix(name, "~"); ok {
			compiled, err := b.regex(d, pattern, false)
			if err != nil {
				return err
			}
			s.patterns = append(s.patterns, compiled)
			continue
		}
		s.names = append(s.names, strings.ToLower(name))
	}
	return nil
}

func (b *builder) locations(above *scope, block []*directive, in *location) ([]*location, error) {
	var list []*location
	seen := map[string]bool{}
	for _, d := range block {
		if d.name != "location" {
			continue
		}
		l, err := b.location(above, d, in)
		if err != nil {
			return nil, err
		}
		if key := strings.TrimSuffix(l.kind, "^~") + l.path; l.pattern == nil && seen[key] {
			return nil, d.mistake(`duplicate location "%s"`, l.path)
		} else {
			seen[key] = true
		}
		list = append(list, l)
	}
	return list, nil
}
