package search

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reply answers a request to the store; ok is false for what is not the store's to answer.
func (s *Store) Reply(method string, target *url.URL, body []byte) (status int, text string, ok bool) {
	parts := strings.Split(strings.Trim(target.Path, "/"), "/")
	index, call := "", parts[len(parts)-1]
	if len(parts) > 1 {
		index = parts[0]
	}
	now := time.Now()
	switch {
	case call == "_bulk" && (method == http.MethodPost || method == http.MethodPut):
		if err := s.bulk(body, index, now); err != nil {
			return refused(err)
		}
		return http.StatusOK, `{"took":3,"errors":false,"items":[]}`, true
	case call == "_count":
		n := len(s.find(index, target.Query().Get("q"), now))
		return http.StatusOK, fmt.Sprintf(`{"count":%d,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0}}`, n), true
	case call == "_search":
		return http.StatusOK, s.search(index, target.Query(), now), true
	case len(parts) > 1 && parts[0] == "_cat" && parts[1] == "indices":
		return http.StatusOK, s.indices(target.Query().Has("v")), true
	}
	return 0, "", false
}

func refused(err error) (int, string, bool) {
	reason := map[string]any{"type": "illegal_argument_exception", "reason": err.Error()}
	text, _ := json.Marshal(map[string]any{"error": map[string]any{"root_cause": []any{reason}, "type": reason["type"], "reason": reason["reason"]}, "status": http.StatusBadRequest})
	return http.StatusBadRequest, string(text), true
}

func (s *Store) search(index string, query url.Values, now time.Time) string {
	found := s.find(index, query.Get("q"), now)
	size, err := strconv.Atoi(query.Get("size"))
	if err != nil || size < 0 {
		size = 10
	}
	hits := []any{}
	for i, d := range found[:min(size, len(found), 100)] {
		hits = append(hits, map[string]any{"_index": d.index, "_id": strconv.Itoa(i), "_score": 1.0, "_source": d.source})
	}
	total := map[string]any{"value": len(found), "relation": "eq"}
	text, err := json.Marshal(map[string]any{"took": 2, "timed_out": false, "hits": map[string]any{"total": total, "hits": hits}})
	if err != nil {
		return "{}"
	}
	return string(text)
}

func (s *Store) indices(heading bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out strings.Builder
	if heading {
		out.WriteString("health status index pri rep docs.count\n")
	}
	for _, name := range slices.Sorted(maps.Keys(s.taken)) {
		fmt.Fprintf(&out, "yellow open %s 1 1 %d\n", name, s.taken[name])
	}
	return out.String()
}
