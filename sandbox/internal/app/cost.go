package app

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// CostHeader is what a load generator adds to a request: the CPU time that it costs and, after a semicolon, the most milliCPU that the
// program takes for such requests in all (0 is no bound).
const CostHeader = "Kubedrill-Cost"

// Cost is the CPU that a request takes.
type Cost struct {
	Time time.Duration
	Cap  int64 // In milliCPU; 0 is no bound.
}

// String is the header's value.
func (c Cost) String() string { return c.Time.String() + ";" + strconv.FormatInt(c.Cap, 10) }

// cost is what a request to the image costs: what the image says of each, and what the request itself asks for.
func cost(perCall time.Duration, req *http.Request) Cost {
	text, limit, _ := strings.Cut(req.Header.Get(CostHeader), ";")
	asked, err := time.ParseDuration(text)
	if err != nil || asked < 0 {
		return Cost{Time: perCall}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(limit), 10, 64)
	if err != nil {
		n = 0
	}
	return Cost{Time: perCall + min(asked, maxCost), Cap: n}
}

// maxCost bounds what a single request can ask for.
const maxCost = time.Second
