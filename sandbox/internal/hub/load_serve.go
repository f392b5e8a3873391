package hub

import (
	"encoding/json"
	"io"
	"net/http"

	"kubedrill.dev/sandbox/internal/demand"
)

// demandsHandler shows the demands and sets them: GET /demands, PUT and DELETE /demands/NAMESPACE/NAME, DELETE /demands.
func (l *load) demandsHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /demands", l.serveState)
	mux.HandleFunc("PUT /demands/{namespace}/{name}", l.servePut)
	mux.HandleFunc("DELETE /demands/{namespace}/{name}", func(w http.ResponseWriter, req *http.Request) {
		key := req.PathValue("namespace") + "/" + req.PathValue("name")
		l.answer(w, l.change(func(all map[string]demand.Demand) { delete(all, key) }))
	})
	mux.HandleFunc("DELETE /demands", func(w http.ResponseWriter, _ *http.Request) {
		l.answer(w, l.change(func(all map[string]demand.Demand) { clear(all) }))
	})
	return mux
}

func (l *load) serveState(w http.ResponseWriter, _ *http.Request) {
	l.world.mu.RLock()
	l.mu.Lock()
	state := l.state()
	l.mu.Unlock()
	l.world.mu.RUnlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(state)
}

func (l *load) servePut(w http.ResponseWriter, req *http.Request) {
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
	l.answer(w, l.put(d))
}

// answer says whether it could be done.
func (l *load) answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
