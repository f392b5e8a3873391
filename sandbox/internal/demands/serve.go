package demands

import (
	"encoding/json"
	"io"
	"net/http"

	"kubedrill.dev/sandbox/internal/demand"
)

// Handler shows the demands, as state tells what they are now, and sets them: GET /demands, PUT and DELETE /demands/NAMESPACE/NAME,
// DELETE /demands.
func (s *Store) Handler(state func() []demand.State) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /demands", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(state())
	})
	mux.HandleFunc("PUT /demands/{namespace}/{name}", s.servePut)
	mux.HandleFunc("DELETE /demands/{namespace}/{name}", func(w http.ResponseWriter, req *http.Request) {
		key := req.PathValue("namespace") + "/" + req.PathValue("name")
		answer(w, s.change(func(all map[string]demand.Demand) { delete(all, key) }))
	})
	mux.HandleFunc("DELETE /demands", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, s.change(func(all map[string]demand.Demand) { clear(all) }))
	})
	return mux
}

func (s *Store) servePut(w http.ResponseWriter, req *http.Request) {
	var d demand.Demand
	if err := json.NewDecoder(io.LimitReader(req.Body, 1<<20)).Decode(&d); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	d.Namespace, d.Name = req.PathValue("namespace"), req.PathValue("name")
	if err := d.Validate(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer(w, s.Put(d))
}

// answer says whether it could be done.
func answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
