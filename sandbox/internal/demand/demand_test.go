package demand

import (
	"testing"
	"time"
)

var began = time.Date(2026, 1, 1, 20, 0, 0, 0, time.UTC)

func TestTheCourseStepsAndRamps(t *testing.T) {
	d := Demand{Since: began, Course: []Point{{0, 100, false}, {30_000, 850, false}, {60_000, 850, false}, {70_000, 100, true}}}
	for after, want := range map[time.Duration]int64{
		-time.Second: 0, 0: 100, 29 * time.Second: 100, 30 * time.Second: 850, 60 * time.Second: 850, 65 * time.Second: 475, 70 * time.Second: 100, time.Hour: 100,
	} {
		if got := d.At(began.Add(after)); got != want {
			t.Errorf("after %s the demand is %d, want %d", after, got, want)
		}
	}
}

func TestTheNextChangeIsKnown(t *testing.T) {
	d := Demand{Since: began, Course: []Point{{0, 100, false}, {30_000, 850, false}, {40_000, 100, true}}}
	for after, want := range map[time.Duration]time.Duration{-time.Second: time.Second, 0: 30 * time.Second, 31 * time.Second: time.Second, 39500 * time.Millisecond: 500 * time.Millisecond} {
		if got, ok := d.Next(began.Add(after)); !ok || got != want {
			t.Errorf("after %s the next change comes in %s (%t), want %s", after, got, ok, want)
		}
	}
	if _, ok := d.Next(began.Add(40 * time.Second)); ok {
		t.Error("something changes after the last point")
	}
}

func TestTheTextbookSurge(t *testing.T) {
	d := Demand{Cap: 190, Memory: 1 << 20}
	for _, c := range []struct {
		milli     int64
		pods      int
		used      int64
		saturated bool
	}{{100, 2, 50, false}, {850, 2, 190, true}, {850, 4, 190, true}, {850, 5, 170, false}} {
		s := d.Split(c.milli, c.pods, 400)
		if s.Milli != c.used || s.Saturated() != c.saturated || s.Memory != c.used<<20 {
			t.Errorf("%d pods under %dm: %+v", c.pods, c.milli, s)
		}
	}
	if s := d.Split(850, 2, 0); s.Failing < 0.55 || s.Failing > 0.56 || s.LatencyMillis != 4000 {
		t.Errorf("a saturated Pod answers %+v", s)
	}
	if s := d.Split(850, 5, 150); s.Milli != 150 || !s.Saturated() {
		t.Errorf("a limit below the cap bounds too: %+v", s)
	}
	if s := (&Demand{}).Split(10_000, 1, 0); s.Saturated() || s.Milli != 10_000 {
		t.Errorf("without cap and limit nothing is too much: %+v", s)
	}
}

func TestWhatCannotBeMeantIsRefused(t *testing.T) {
	good := Demand{Namespace: "shop", Name: "web", Service: "web", Course: []Point{{0, 1, false}}}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*Demand){
		"no name":         func(d *Demand) { d.Name = "" },
		"no target":       func(d *Demand) { d.Service = "" },
		"two targets":     func(d *Demand) { d.Selector = "app=web" },
		"bad selector":    func(d *Demand) { d.Service, d.Selector = "", "app in" },
		"no course":       func(d *Demand) { d.Course = nil },
		"negative demand": func(d *Demand) { d.Course = []Point{{0, -1, false}} },
		"points disorder": func(d *Demand) { d.Course = []Point{{5, 1, false}, {5, 2, false}} },
	} {
		d := good
		change(&d)
		if d.Validate() == nil {
			t.Errorf("%s is accepted", what)
		}
	}
}
