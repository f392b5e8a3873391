package demand

// State is a demand as it is now, with the Pods that serve it.
type State struct {
	Demand
	Milli int64 `json:"milli"` // What is asked for now, in all.
	Pods  []Pod `json:"pods"`
}

// Pod is one that serves a demand, and its share of it.
type Pod struct {
	Name   string            `json:"name"`
	UID    string            `json:"uid"`
	Labels map[string]string `json:"labels,omitempty"`
	Share
}
