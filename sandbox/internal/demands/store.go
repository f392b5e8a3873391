// Package demands keeps what users ask of an environment's applications, and lets it be seen and set over HTTP. It does not know who
// serves the demands, nor how they are played.
package demands

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"kubedrill.dev/sandbox/internal/demand"
)

// Store keeps the demands.
type Store struct {
	file    string // Nowhere when empty.
	now     func() time.Time
	changed func()
	mu      sync.Mutex
	all     map[string]demand.Demand
}

// New is an empty store that keeps the demands in a file, if it is given one, and calls changed after each change.
func New(file string, now func() time.Time, changed func()) *Store {
	return &Store{file: file, now: now, changed: changed, all: map[string]demand.Demand{}}
}

// Read takes the demands that an earlier program kept in the file.
func (s *Store) Read() error {
	if s.file == "" {
		return nil
	}
	b, err := os.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the load file: %w", err)
	}
	var list []demand.Demand
	if err := json.Unmarshal(b, &list); err != nil {
		return fmt.Errorf("load file %s: %w", s.file, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range list {
		if err := d.Validate(); err != nil {
			return fmt.Errorf("load file %s: %w", s.file, err)
		}
		s.all[d.Key()] = d
	}
	return nil
}

// All lists the demands in the order of their keys.
func (s *Store) All() []demand.Demand {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sorted(s.all)
}

func sorted(all map[string]demand.Demand) []demand.Demand {
	list := make([]demand.Demand, 0, len(all))
	for _, k := range slices.Sorted(maps.Keys(all)) {
		list = append(list, all[k])
	}
	return list
}

// Next is how long all demands stay as they are unless they are set; false is for good.
func (s *Store) Next() (time.Duration, bool) {
	next, changes, now := time.Duration(0), false, s.now()
	for _, d := range s.All() {
		if in, ok := d.Next(now); ok && (!changes || in < next) {
			next, changes = in, true
		}
	}
	return next, changes
}

// Put sets a demand; one that does not say when it begins begins now.
func (s *Store) Put(d demand.Demand) error {
	if err := d.Validate(); err != nil {
		return err
	}
	if d.Since.IsZero() {
		d.Since = s.now()
	}
	return s.change(func(all map[string]demand.Demand) { all[d.Key()] = d })
}

// change changes the demands and keeps them; what is not kept is not changed.
func (s *Store) change(how func(map[string]demand.Demand)) error {
	s.mu.Lock()
	changed := maps.Clone(s.all)
	how(changed)
	err := s.write(changed)
	if err == nil {
		s.all = changed
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	s.changed()
	return nil
}

// write keeps the demands, whole or not at all.
func (s *Store) write(all map[string]demand.Demand) error {
	if s.file == "" {
		return nil
	}
	b, err := json.MarshalIndent(sorted(all), "", "  ")
	if err != nil {
		return fmt.Errorf("encode the load file: %w", err)
	}
	fresh := s.file + ".new"
	if err := os.WriteFile(fresh, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the load file: %w", err)
	}
	if err := os.Rename(fresh, s.file); err != nil {
		return fmt.Errorf("replace the load file: %w", err)
	}
	return nil
}
