// Package cost is what a request to an application takes, and how a load generator tells the application.
package cost

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Header is what a load generator adds to a request, as in `1ms; cap=190; memory=268435456; quiet`.
const Header = "Kubedrill-Cost"

// Cost is what a request takes.
type Cost struct {
	Time   time.Duration // CPU time.
	Cap    int64         // The most milliCPU that the program takes for such requests in all; 0 is no bound.
	Memory int64         // The bytes that the program has for such requests in all while they come.
	Quiet  bool          // It is one of so many that the log of requests leaves it out.
}

// String is the header's value.
func (c Cost) String() string {
	text := fmt.Sprintf("%s; cap=%d; memory=%d", c.Time, c.Cap, c.Memory)
	if c.Quiet {
		text += "; quiet"
	}
	return text
}

// Of is what a request costs: what it says itself, or else what is said of each.
func Of(perCall time.Duration, req *http.Request) Cost {
	text, more, _ := strings.Cut(req.Header.Get(Header), ";")
	asked, err := time.ParseDuration(text)
	if err != nil || asked < 0 {
		return Cost{Time: perCall}
	}
	c := Cost{Time: min(asked, maxCost)}
	for part := range strings.SplitSeq(more, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case name == "quiet":
			c.Quiet = true
		case err != nil || n < 0:
		case name == "cap":
			c.Cap = n
		case name == "memory":
			c.Memory = n
		}
	}
	return c
}

// maxCost bounds what a single request can ask for.
const maxCost = time.Second
