package catalogue

import (
	"bytes"
	"encoding/json"
	"fmt"

	"sigs.k8s.io/yaml"
)

// entry is an image as the file has it, before it is put together with the one that it is like.
type entry = map[string]json.RawMessage

const (
	likeKey = "like"
	maxLike = 8
)

// read takes the entries out of all documents of a file.
func read(raw []byte) (map[string]entry, error) {
	all := map[string]entry{}
	for i, part := range bytes.Split(raw, []byte("\n---\n")) {
		var file struct {
			Images map[string]entry `json:"images"`
		}
		if err := yaml.UnmarshalStrict(part, &file); err != nil {
			return nil, fmt.Errorf("document %d: %w", i+1, err)
		}
		for ref, e := range file.Images {
			if _, twice := all[ref]; twice {
				return nil, fmt.Errorf("image %q: listed twice", ref)
			}
			all[ref] = e
		}
	}
	return all, nil
}

// decode reads one entry; an unknown key is an error. What it does not say is as in the entry that it is like.
func decode(all map[string]entry, ref string) (*Image, error) {
	merged := entry{}
	for at, depth := ref, 0; at != ""; depth++ {
		e, ok := all[at]
		switch {
		case !ok:
			return nil, fmt.Errorf("like: there is no entry %q", at)
		case depth > maxLike:
			return nil, fmt.Errorf("like: goes round in a circle")
		}
		at = ""
		for key, value := range e {
			if key == likeKey {
				if err := json.Unmarshal(value, &at); err != nil {
					return nil, fmt.Errorf("like: %w", err)
				}
			} else if _, has := merged[key]; !has {
				merged[key] = value
			}
		}
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return nil, err
	}
	image := &Image{}
	return image, yaml.UnmarshalStrict(text, image)
}
