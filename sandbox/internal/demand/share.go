package demand

import "time"

const (
	// requestMilli is what a request a second costs: one milliCPU.
	requestMilli = 1
	// RequestTime is the CPU time of such a request.
	RequestTime = requestMilli * time.Millisecond
	// service is how long a request takes that waits for nothing.
	service = 20 * time.Millisecond
	// patience is after how long nobody waits for an answer any more.
	patience = 4 * time.Second
)

// Share is what one Pod has of the demands.
type Share struct {
	Container     string  `json:"container,omitempty"` // Which of its containers serves.
	Asked         int64   `json:"asked"`               // MilliCPU that the requests would take.
	Milli         int64   `json:"milli"`               // MilliCPU that it uses: no more than it can.
	Memory        int64   `json:"memory,omitempty"`    // Bytes beside what it needs anyhow.
	LatencyMillis int64   `json:"latencyMillis"`       // How long an answer takes.
	Failing       float64 `json:"failing,omitempty"`   // The part of the requests that is answered with 503.
}

// Rate is how many requests come in a second.
func (s Share) Rate() float64 { return float64(s.Asked) / requestMilli }

// Waiting is how many requests are in the Pod at a time, by Little's law.
func (s Share) Waiting() float64 { return s.Rate() * float64(s.LatencyMillis) / 1000 }

// Saturated tells whether more is asked than it can serve.
func (s Share) Saturated() bool { return s.Failing > 0 }

// Most is how many milliCPU a container can use for the demand; a limit is what it may use. 0 is no bound.
func (d *Demand) Most(limit int64) int64 {
	if limit > 0 && (d.Cap == 0 || limit < d.Cap) {
		return limit
	}
	return d.Cap
}

// Split is each of so many Pods' share of a demand: evenly, as a Service does. A limit is what the container may use; 0 is none.
func (d *Demand) Split(milli int64, pods int, limit int64) Share {
	s, most := Share{Asked: milli / int64(max(pods, 1))}, d.Most(limit)
	s.Milli = s.Asked
	if most > 0 {
		s.Milli = min(s.Asked, most)
	}
	s.Memory = s.Milli * d.Memory
	s.LatencyMillis = latency(s.Asked, most).Milliseconds()
	if most > 0 && s.Asked > most {
		s.Failing = 1 - float64(most)/float64(s.Asked)
	}
	return s
}

// latency grows as the Pod comes near to what it can do, as in every queue with one server.
func latency(asked, most int64) time.Duration {
	if most == 0 {
		return service
	}
	if asked >= most {
		return patience
	}
	return min(patience, time.Duration(float64(service)/(1-float64(asked)/float64(most))))
}

// And adds a share of another demand.
func (s Share) And(other Share) Share {
	if s == (Share{}) {
		return other
	}
	sum := Share{Container: s.Container, Asked: s.Asked + other.Asked, Milli: s.Milli + other.Milli, Memory: s.Memory + other.Memory}
	sum.LatencyMillis = max(s.LatencyMillis, other.LatencyMillis)
	if sum.Asked > 0 {
		sum.Failing = (s.Failing*float64(s.Asked) + other.Failing*float64(other.Asked)) / float64(sum.Asked)
	}
	return sum
}
