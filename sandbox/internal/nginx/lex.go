// Package nginx reads nginx's configuration as nginx reads it, and answers requests as that configuration says: which server, which
// location, files, redirects, upstreams. It knows neither containers nor the simulated network; what it sees of them comes through Host.
package nginx

import (
	"fmt"
	"strings"
)

// longest is how long one parameter may be: nginx reads through a buffer of this size.
const longest = 4096

// Mistake is what nginx does not start with.
type Mistake struct {
	Text string
	File string // Empty when it is in no file.
	Line int
}

func (m *Mistake) Error() string {
	switch {
	case m.File == "":
		return m.Text
	case m.Line == 0:
		return m.Text + " in " + m.File
	}
	return fmt.Sprintf("%s in %s:%d", m.Text, m.File, m.Line)
}

// lexer cuts a file into statements.
type lexer struct {
	file, text string
	at, line   int
}

func (l *lexer) mistake(format string, a ...any) *Mistake {
	line := l.line
	if l.file == commandLine {
		line = 0
	}
	return &Mistake{fmt.Sprintf(format, a...), l.file, line}
}

const blanks = " \t\r\n"

// skip passes blanks and comments; false is the end of the file.
func (l *lexer) skip() bool {
	comment := false
	for ; l.at < len(l.text); l.at++ {
		switch c := l.text[l.at]; {
		case c == '\n':
			l.line++
			comment = false
		case comment:
		case c == '#':
			comment = true
		case strings.IndexByte(blanks, c) < 0:
			return true
		}
	}
	return false
}

// statement reads words up to what ends them: a semicolon or a brace; 0 is the end of the file.
func (l *lexer) statement() (words []string, end byte, err *Mistake) {
	for {
		if !l.skip() {
			if len(words) > 0 && l.file == commandLine {
				return nil, 0, l.mistake(`unexpected end of parameter, expecting ";"`)
			}
			if len(words) > 0 {
				return nil, 0, l.mistake(`unexpected end of file, expecting ";" or "}"`)
			}
			return nil, 0, nil
		}
		c := l.text[l.at]
		switch {
		case (c == ';' || c == '{') == (len(words) == 0) && strings.IndexByte(";{}", c) >= 0:
			return nil, 0, l.mistake(`unexpected "%c"`, c)
		case strings.IndexByte(";{}", c) >= 0:
			l.at++
			return words, c, nil
		}
		word, err := l.word(c)
		if err != nil {
			return nil, 0, err
		}
		words = append(words, word)
	}
}

func (l *lexer) word(first byte) (string, *Mistake) {
	began := l.line
	quoted := first == '"' || first == '\''
	if quoted {
		l.at++
	}
	from, variable := l.at, false
	for ; l.at < len(l.text); l.at++ {
		c := l.text[l.at]
		if l.at-from >= longest {
			l.line = began
			if quoted {
				return "", l.mistake(`too long parameter, probably missing terminating "%c" character`, first)
			}
			return "", l.mistake(`too long parameter "%s..." started`, l.text[from:from+10])
		}
		switch {
		case c == '\n' && quoted:
			l.line++
		case c == '\\':
			if l.at++; l.at < len(l.text) && l.text[l.at] == '\n' {
				l.line++
			}
		case quoted && c == first:
			word := unescape(l.text[from:l.at])
			l.at++
			return word, l.afterQuote()
		case quoted:
		case c == '{' && variable: // ${name}
		case strings.IndexByte(blanks+";{", c) >= 0:
			return unescape(l.text[from:l.at]), nil
		}
		variable = c == '$'
	}
	l.at = min(l.at, len(l.text))
	return "", l.mistake(`unexpected end of file, expecting ";" or "}"`)
}

// afterQuote says what must follow a quoted word.
func (l *lexer) afterQuote() *Mistake {
	if l.at < len(l.text) && strings.IndexByte(blanks+";{)", l.text[l.at]) < 0 {
		return l.mistake(`unexpected "%c"`, l.text[l.at])
	}
	return nil
}

// unescape takes away the backslashes that the reader of files understands; others are left to whoever reads the word.
func unescape(word string) string {
	if !strings.Contains(word, `\`) {
		return word
	}
	var out strings.Builder
	for i := 0; i < len(word); i++ {
		if word[i] == '\\' && i+1 < len(word) {
			if at := strings.IndexByte(`"'\trn`, word[i+1]); at >= 0 {
				out.WriteByte("\"'\\\t\r\n"[at])
				i++
				continue
			}
		}
		out.WriteByte(word[i])
	}
	return out.String()
}
