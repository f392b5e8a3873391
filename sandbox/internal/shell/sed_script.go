package shell

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

var errSed = errors.New("unsupported command")

func parseSed(script string, extended bool) ([]*sedCommand, error) {
	var program []*sedCommand
	s := script
	for {
		s = strings.TrimLeft(s, " \t\n;")
		if s == "" {
			return program, nil
		}
		c := &sedCommand{}
		var err error
		if c.from, s, err = sedAddr(s, extended); err != nil {
			return nil, err
		}
		if c.from != nil && strings.HasPrefix(s, ",") {
			if c.to, s, err = sedAddr(s[1:], extended); err != nil {
				return nil, err
			}
		}
		s = strings.TrimLeft(s, " ")
		if strings.HasPrefix(s, "!") {
			c.not, s = true, s[1:]
		}
		if s == "" {
			return nil, errors.New("missing command")
		}
		c.verb, s = s[0], s[1:]
		switch c.verb {
		case 'd', 'p', 'q', '=':
		case 'a', 'i', 'c':
			text, rest, _ := strings.Cut(strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(s, " "), "\\"), " \n"), "\n")
			c.with, s = text, rest
		case 's':
			if s, err = c.parseS(s, extended); err != nil {
				return nil, err
			}
		default:
			return nil, errSed
		}
		program = append(program, c)
	}
}

func sedAddr(s string, extended bool) (*sedAddress, string, error) {
	switch {
	case s == "":
		return nil, s, nil
	case s[0] == '$':
		return &sedAddress{line: -1}, s[1:], nil
	case s[0] >= '0' && s[0] <= '9':
		end := 0
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(s[:end])
		return &sedAddress{line: n}, s[end:], err
	case s[0] == '/':
		text, rest, ok := sedUntil(s[1:], '/')
		if !ok {
			return nil, s, errors.New("unmatched '/'")
		}
		re, err := sedRegexp(text, extended, "")
		return &sedAddress{re: re}, rest, err
	}
	return nil, s, nil
}

// sedUntil cuts at the next delimiter that is not escaped.
func sedUntil(s string, d byte) (text, rest string, ok bool) {
	var out []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			if s[i+1] != d {
				out = append(out, '\\')
			}
			out = append(out, s[i+1])
			i++
		case s[i] == d:
			return string(out), s[i+1:], true
		default:
			out = append(out, s[i])
		}
	}
	return "", "", false
}

func sedRegexp(text string, extended bool, flags string) (*regexp.Regexp, error) {
	if !extended {
		text = basicRegexp(text)
	}
	return regexp.Compile(flags + text)
}

func (c *sedCommand) parseS(s string, extended bool) (string, error) {
	if s == "" {
		return s, errors.New("bad option in substitution expression")
	}
	d := s[0]
	pattern, s, ok := sedUntil(s[1:], d)
	if !ok {
		return s, errors.New("unterminated 's' command")
	}
	with, s, ok := sedUntil(s, d)
	if !ok {
		return s, errors.New("unterminated 's' command")
	}
	flags := ""
	for s != "" && s[0] != ';' && s[0] != '\n' && s[0] != ' ' && s[0] != '}' {
		switch {
		case s[0] == 'g':
			c.global = true
		case s[0] == 'p':
			c.print = true
		case s[0] == 'I' || s[0] == 'i':
			flags = "(?i)"
		case s[0] >= '1' && s[0] <= '9':
			c.nth = int(s[0] - '0')
		default:
			return s, errors.New("bad option in substitution expression")
		}
		s = s[1:]
	}
	c.with = sedReplacement(with)
	var err error
	c.re, err = sedRegexp(pattern, extended, flags)
	return s, err
}

// sedReplacement turns & and \1 into Go's ${0} and ${1}.
func sedReplacement(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			switch {
			case s[i] >= '0' && s[i] <= '9':
				out.WriteString("${" + s[i:i+1] + "}")
			case s[i] == 'n':
				out.WriteByte('\n')
			case s[i] == 't':
				out.WriteByte('\t')
			default:
				out.WriteByte(s[i])
			}
		case s[i] == '&':
			out.WriteString("${0}")
		case s[i] == '$':
			out.WriteString("$$")
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String()
}
