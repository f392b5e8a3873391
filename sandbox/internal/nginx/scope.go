package nginx

import "strings"

// scope is a level of the configuration: what it does not say is as in the level above.
type scope struct {
	above *scope
	own   map[string][]*directive
	rules []*directive // allow and deny, whose order counts.
}

func newScope(above *scope, block []*directive) *scope {
	s := &scope{above: above, own: map[string][]*directive{}}
	for _, d := range block {
		s.own[d.name] = append(s.own[d.name], d)
		if d.name == "allow" || d.name == "deny" {
			s.rules = append(s.rules, d)
		}
	}
	return s
}

// all are the directives of a name at the nearest level that has any.
func (s *scope) all(name string) []*directive {
	for ; s != nil; s = s.above {
		if list := s.own[name]; len(list) > 0 {
			return list
		}
	}
	return nil
}

// one is the last directive of any of these names at the nearest level that has one.
func (s *scope) one(names ...string) *directive {
	for ; s != nil; s = s.above {
		for _, name := range names {
			if list := s.own[name]; len(list) > 0 {
				return list[len(list)-1]
			}
		}
	}
	return nil
}

// word is the first argument of a directive, or another word when there is none.
func (s *scope) word(name, other string) string {
	if d := s.one(name); d != nil && len(d.args) > 0 {
		return d.args[0]
	}
	return other
}

func (s *scope) on(name string, otherwise bool) bool {
	if d := s.one(name); d != nil {
		return strings.EqualFold(d.args[0], "on")
	}
	return otherwise
}
