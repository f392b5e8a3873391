package hub

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"

	"kubedrill.dev/sandbox/internal/demand"
)

// read takes the demands that an earlier hub kept.
func (l *load) read() error {
	if l.file == "" {
		return nil
	}
	b, err := os.ReadFile(l.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the load file: %w", err)
	}
	var demands []demand.Demand
	if err := json.Unmarshal(b, &demands); err != nil {
		return fmt.Errorf("load file %s: %w", l.file, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range demands {
		if err := d.Validate(); err != nil {
			return fmt.Errorf("load file %s: %w", l.file, err)
		}
		l.demands[d.Key()] = d
	}
	return nil
}

// write keeps the demands, whole or not at all.
func (l *load) write(demands map[string]demand.Demand) error {
	if l.file == "" {
		return nil
	}
	list := []demand.Demand{}
	for _, k := range slices.Sorted(maps.Keys(demands)) {
		list = append(list, demands[k])
	}
	b, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the load file: %w", err)
	}
	fresh := l.file + ".new"
	if err := os.WriteFile(fresh, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the load file: %w", err)
	}
	if err := os.Rename(fresh, l.file); err != nil {
		return fmt.Errorf("replace the load file: %w", err)
	}
	return nil
}
