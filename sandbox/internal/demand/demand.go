// Package demand is the load model: what users ask of an application over time, and what becomes of it in the Pods that serve it.
// It is arithmetic only; it knows neither the cluster, nor the network, nor a clock.
package demand

import (
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/labels"
)

// Demand is what users ask of the Pods behind a Service, or of those that a selector picks.
type Demand struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Service   string `json:"service,omitempty"`  // The Pods are its ready endpoints.
	Selector  string `json:"selector,omitempty"` // The Pods are the ready ones with these labels.
	Cap       int64  `json:"cap,omitempty"`      // The most milliCPU that one Pod can use; 0 is no bound.
	Memory    int64  `json:"memory,omitempty"`   // Bytes per milliCPU served.
	Profile   string `json:"profile,omitempty"`  // What the course is called.
	// Since is when the course begins.
	Since  time.Time `json:"since"`
	Course []Point   `json:"course"`
}

// Point is where the demand stands after a time.
type Point struct {
	AfterMillis int64 `json:"afterMillis"`
	Milli       int64 `json:"milli"`          // MilliCPU in all.
	Ramp        bool  `json:"ramp,omitempty"` // It gets there in a straight line from the point before, rather than at once.
}

// Key tells demands apart.
func (d *Demand) Key() string { return d.Namespace + "/" + d.Name }

// Validate says what in it cannot be meant.
func (d *Demand) Validate() error {
	switch {
	case d.Namespace == "" || d.Name == "":
		return errors.New("a demand needs a namespace and a name")
	case (d.Service == "") == (d.Selector == ""):
		return fmt.Errorf("demand %s: give either a service or a selector", d.Key())
	case d.Cap < 0 || d.Memory < 0:
		return fmt.Errorf("demand %s: cap and memory are not negative", d.Key())
	case len(d.Course) == 0:
		return fmt.Errorf("demand %s: the course has no point", d.Key())
	}
	if _, err := labels.Parse(d.Selector); err != nil {
		return fmt.Errorf("demand %s: %w", d.Key(), err)
	}
	for i, p := range d.Course {
		if p.Milli < 0 || p.AfterMillis < 0 || i > 0 && p.AfterMillis <= d.Course[i-1].AfterMillis {
			return fmt.Errorf("demand %s: point %d: milli is not negative, and each point comes after the one before", d.Key(), i+1)
		}
	}
	return nil
}

// At is the demand at a time, in milliCPU: that of the last point that has passed, or on the way to the next one.
func (d *Demand) At(now time.Time) int64 {
	elapsed := now.Sub(d.Since).Milliseconds()
	var before Point
	for _, p := range d.Course {
		if elapsed < p.AfterMillis {
			if p.Ramp && elapsed > before.AfterMillis {
				return before.Milli + (p.Milli-before.Milli)*(elapsed-before.AfterMillis)/(p.AfterMillis-before.AfterMillis)
			}
			return before.Milli
		}
		before = p
	}
	return before.Milli
}

// rampStep is how often the demand changes on a slope.
const rampStep = time.Second

// Next is how long the demand stays as it is; false is for good.
func (d *Demand) Next(now time.Time) (time.Duration, bool) {
	elapsed := now.Sub(d.Since)
	for _, p := range d.Course {
		left := time.Duration(p.AfterMillis)*time.Millisecond - elapsed
		if left <= 0 {
			continue
		}
		if p.Ramp {
			left = min(left, rampStep)
		}
		return left, true
	}
	return 0, false
}
