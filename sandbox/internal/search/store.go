// Package search is a small document store in memory that answers enough of Elasticsearch's interface for shippers of logs, Kibana and
// whoever looks for a line. It knows nothing of containers.
package search

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"
)

const (
	mostDocuments = 5000     // The oldest go first.
	longestLine   = 64 << 10 // Of a bulk request.
)

// Store holds documents.
type Store struct {
	mu        sync.Mutex
	documents []document
	taken     map[string]int // By index, all that ever came.
}

type document struct {
	index  string
	source json.RawMessage
	fields map[string]string // By path: kubernetes.namespace_name.
	at     time.Time
}

// NewStore makes an empty one.
func NewStore() *Store { return &Store{taken: map[string]int{}} }

type action struct {
	Index string `json:"_index"`
	Type  string `json:"_type"`
}

// bulk takes what a bulk request brings.
func (s *Store) bulk(body []byte, index string, now time.Time) error {
	lines := bufio.NewScanner(bytes.NewReader(body))
	lines.Buffer(nil, longestLine)
	for number := 1; lines.Scan(); number++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var line map[string]action
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return fmt.Errorf("Malformed action/metadata line [%d], expected START_OBJECT", number)
		}
		target := action{Index: index}
		for _, one := range line {
			if one.Type != "" {
				return fmt.Errorf("Action/metadata line [%d] contains an unknown parameter [_type]", number)
			}
			if one.Index != "" {
				target = one
			}
		}
		if !lines.Scan() {
			break
		}
		s.add(target.Index, bytes.Clone(lines.Bytes()), now)
	}
	return lines.Err()
}

func (s *Store) add(index string, source []byte, now time.Time) {
	var value any
	if json.Unmarshal(source, &value) != nil {
		return
	}
	d := document{index: index, source: source, fields: map[string]string{}, at: now}
	flatten("", value, d.fields)
	if at, err := time.Parse(time.RFC3339Nano, d.fields["@timestamp"]); err == nil {
		d.at = at
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken[index]++
	s.documents = append(s.documents, d)
	if len(s.documents) > mostDocuments {
		s.documents = s.documents[len(s.documents)-mostDocuments:]
	}
}

func flatten(at string, value any, into map[string]string) {
	if fields, ok := value.(map[string]any); ok {
		for name, inner := range fields {
			flatten(strings.TrimPrefix(at+"."+name, "."), inner, into)
		}
		return
	}
	into[at] = fmt.Sprint(value)
}

// find gives the documents of the indices that a pattern means, and that a query finds, newest first.
func (s *Store) find(index, query string, now time.Time) []document {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []document
	for i := len(s.documents) - 1; i >= 0; i-- {
		if d := s.documents[i]; named(index, d.index) && d.matches(query, now) {
			found = append(found, d)
		}
	}
	return found
}

func named(pattern, index string) bool {
	if pattern == "" || pattern == "_all" {
		return true
	}
	for one := range strings.SplitSeq(pattern, ",") {
		if ok, err := path.Match(one, index); ok && err == nil {
			return true
		}
	}
	return false
}

// matches understands field:value, field:val*, @timestamp:>now-30s and words, joined by AND.
func (d document) matches(query string, now time.Time) bool {
	for term := range strings.SplitSeq(query, " AND ") {
		term = strings.TrimSpace(term)
		field, value, ok := strings.Cut(term, ":")
		switch {
		case term == "" || term == "*" || term == "*:*":
		case ok && field == "@timestamp":
			if !d.since(value, now) {
				return false
			}
		case ok:
			have, there := d.fields[strings.TrimSuffix(field, ".keyword")]
			if matched, err := path.Match(strings.Trim(value, `"`), have); !there || err != nil || !matched {
				return false
			}
		case !strings.Contains(string(d.source), strings.Trim(term, `"`)):
			return false
		}
	}
	return true
}

func (d document) since(bound string, now time.Time) bool {
	ago, ok := strings.CutPrefix(strings.TrimLeft(bound, ">="), "now-")
	if !ok {
		return false
	}
	age, err := time.ParseDuration(ago)
	return err == nil && d.at.After(now.Add(-age))
}
