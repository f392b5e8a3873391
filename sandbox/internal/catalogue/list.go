package catalogue

import (
	"maps"
	"slices"
	"strings"
)

// References are the normalised references that can be named one by one: of a whole repository, the tags without a pattern.
func (c Catalogue) References() []string {
	all := slices.Collect(maps.Keys(c.images))
	for repository, list := range c.repositories {
		for _, image := range list {
			for _, tag := range image.Tags {
				if !strings.ContainsAny(tag, "*?[") {
					all = append(all, repository+":"+tag)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Hosts are the registries that the catalogue's images come from.
func (c Catalogue) Hosts() []string {
	var all []string
	for repository := range c.known {
		host, _, _ := strings.Cut(repository, "/")
		all = append(all, host)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// HasAccount tells whether a registry of the catalogue knows that account.
func (c Catalogue) HasAccount(username, password string) bool {
	is := func(im *Image) bool {
		return im.Private != nil && im.Private.Username == username && im.Private.Password == password
	}
	for _, list := range c.repositories {
		if slices.ContainsFunc(list, is) {
			return true
		}
	}
	return slices.ContainsFunc(slices.Collect(maps.Values(c.images)), is)
}

// Pinned gives the references by digest that the catalogue promises, each with the reference of its image by tag.
func (c Catalogue) Pinned() map[string]string {
	out := map[string]string{}
	for ref, image := range c.images {
		if image.Digest != "" && !image.Absent {
			out[Repository(ref)+"@"+image.Digest] = ref
		}
	}
	return out
}
