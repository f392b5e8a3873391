// Package app plays an image's own program as the catalogue has it: how it starts and ends, what it logs and what it answers. It plays
// the same on every stage: a simulated container or a real one. It knows neither of them, nor Kubernetes.
package app

import (
	"context"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/cost"
	"kubedrill.dev/sandbox/internal/redis"
	"kubedrill.dev/sandbox/internal/search"
	"kubedrill.dev/sandbox/internal/shell"
)

// Stage is the container that a program is played in.
type Stage interface {
	shell.Container
	Argv() []string // What the container runs.
	ReadFile(name string) ([]byte, error)
	// Print writes lines to the container's log.
	Print(stream, text string)
	// Ports are those of the program.
	Ports() []int32
	// Site is what nginx runs with.
	Site() *Site
}

// Life is a stage on which time passes.
type Life interface {
	Stage
	// After calls f unless the program has ended by then.
	After(d time.Duration, f func())
	// Apart does work that may wait, without any hold on the container, and then calls what it gives unless the program has ended by then.
	Apart(work func() (then func()))
	// Take sets the program's ports, which are not open yet.
	Take(ports []int32)
	// Ready opens them; those that are open already stay so unless they are not among them any more.
	Ready()
	// Occupy makes the program use memory, more and more with a leak per second, once it has started; false says that it will not get so far.
	Occupy(memory, leak int64, startup time.Duration) bool
	// Idle makes it use CPU without any demand.
	Idle(milliCPU int64)
	// Beside is the stage for what goes on beside the program's course, with its own hold on time.
	Beside() Collector
}

// Server is a stage whose program takes requests.
type Server interface {
	Stage
	// Age counts from when the ports were opened.
	Age() time.Duration
	// Spend uses the CPU time that a request costs; false says that there is none left.
	Spend(ctx context.Context, price cost.Cost) bool
	// Answered counts the requests that were answered, and those that were refused for want of time.
	Answered() (served, refused int64)
	// Store is the container's key-value store.
	Store() *redis.Store
	// Documents are the container's document store.
	Documents() *search.Store
}

// values are what placeholders in the image's texts stand for.
func values(s Stage) catalogue.Values {
	return catalogue.Values{Argv: s.Argv(), Env: s.Env(), Hostname: s.Hostname(), IP: s.PodIP(), Ports: s.Ports(), Now: time.Now()}
}

func expand(s Stage, text string) string { return s.Image().Expand(text, values(s)) }

// missing is the first thing that the program needs and does not have.
func missing(s Stage) string {
	if name := s.Image().MissingEnv(s.Env()); name != "" {
		return name
	}
	for _, path := range s.Image().NeedsFile {
		if _, err := s.ReadFile(path); err != nil {
			return path
		}
	}
	return ""
}

func missed(s Stage, what string) string {
	return strings.ReplaceAll(expand(s, s.Image().Missing.Log), "%s", what)
}
