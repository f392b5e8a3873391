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
	likeKey     = "like"
	variantsKey = "variants"
	maxLike     = 8
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
	var variants map[string]entry
	if text := merged[variantsKey]; text != nil {
		if err := yaml.UnmarshalStrict(text, &variants); err != nil {
			return nil, fmt.Errorf("variants: %w", err)
		}
		delete(merged, variantsKey)
	}
	image, err := strict(merged)
	if err != nil {
		return nil, err
	}
	for word, v := range variants {
		for key, value := range merged {
			if _, has := v[key]; !has {
				v[key] = value
			}
		}
		variant, err := strict(v)
		if err != nil {
			return nil, fmt.Errorf("variants: %s: %w", word, err)
		}
		if image.variants == nil {
			image.variants = map[string]*Image{}
		}
		image.variants[word] = variant
	}
	return image, nil
}

func strict(e entry) (*Image, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	image := &Image{}
	return image, yaml.UnmarshalStrict(text, image)
}
