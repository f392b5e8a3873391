package redis

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Serve answers a client until it leaves.
func (s *Store) Serve(conn io.ReadWriter) error {
	r := bufio.NewReader(conn)
	session := false
	for {
		words, err := readCommand(r)
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		w := bufio.NewWriter(conn)
		write(w, s.do(&session, words))
		if err := w.Flush(); err != nil {
			return err
		}
		if len(words) > 0 && strings.EqualFold(words[0], "QUIT") {
			return nil
		}
	}
}

var errProtocol = errors.New("redis: protocol error")

func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	return strings.TrimRight(string(line), "\r\n"), err
}

func readCommand(r *bufio.Reader) ([]string, error) {
	line, err := readLine(r)
	if err != nil {
		return nil, err
	}
	count, ok := strings.CutPrefix(line, "*")
	if !ok {
		return strings.Fields(line), nil
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n > 1024 {
		return nil, errProtocol
	}
	words := make([]string, 0, n)
	for range n {
		text, err := readBulk(r)
		if err != nil {
			return nil, err
		}
		words = append(words, text)
	}
	return words, nil
}

func readBulk(r *bufio.Reader) (string, error) {
	line, err := readLine(r)
	if err != nil {
		return "", err
	}
	text, ok := strings.CutPrefix(line, "$")
	n, err := strconv.Atoi(text)
	if !ok || err != nil || n < 0 || n > 1<<20 {
		return "", errProtocol
	}
	b := make([]byte, n+2)
	_, err = io.ReadFull(r, b)
	return string(b[:n]), err
}

func write(w *bufio.Writer, r reply) {
	switch r.kind {
	case '$':
		fmt.Fprintf(w, "$%d\r\n%s\r\n", len(r.text), r.text)
	case '_':
		fmt.Fprint(w, "$-1\r\n")
	case '*':
		fmt.Fprintf(w, "*%d\r\n", len(r.list))
		for _, i := range r.list {
			write(w, i)
		}
	default:
		fmt.Fprintf(w, "%c%s\r\n", r.kind, r.text)
	}
}

// Client is redis-cli's side of a connection.
type Client struct {
	rw io.ReadWriter
	r  *bufio.Reader
}

// NewClient speaks over a connection.
func NewClient(rw io.ReadWriter) *Client { return &Client{rw: rw, r: bufio.NewReader(rw)} }

// Do sends one command and gives the answer as redis-cli prints it: bare, or as in a terminal. failed says that the
// server refused the command.
func (c *Client) Do(words []string, terminal bool) (text string, failed bool, err error) {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := io.WriteString(c.rw, b.String()); err != nil {
		return "", false, err
	}
	return c.read(terminal)
}

func (c *Client) read(terminal bool) (string, bool, error) {
	line, err := readLine(c.r)
	if err != nil || line == "" {
		return "", false, errors.Join(err, errIf(line == ""))
	}
	rest := line[1:]
	switch line[0] {
	case '+':
		return rest, false, nil
	case '-':
		if terminal {
			return "(error) " + rest, true, nil
		}
		return rest, true, nil
	case ':':
		if terminal {
			return "(integer) " + rest, false, nil
		}
		return rest, false, nil
	case '$':
		return c.readText(rest, terminal)
	case '*':
		return c.readList(rest, terminal)
	}
	return "", false, errProtocol
}

func errIf(bad bool) error {
	if bad {
		return errProtocol
	}
	return nil
}

func (c *Client) readText(count string, terminal bool) (string, bool, error) {
	n, err := strconv.Atoi(count)
	if err != nil || n > 1<<20 {
		return "", false, errProtocol
	}
	if n < 0 {
		if terminal {
			return "(nil)", false, nil
		}
		return "", false, nil
	}
	b := make([]byte, n+2)
	if _, err := io.ReadFull(c.r, b); err != nil {
		return "", false, err
	}
	text := string(b[:n])
	if terminal && !strings.Contains(text, "\n") {
		text = strconv.Quote(text)
	}
	return text, false, nil
}

func (c *Client) readList(count string, terminal bool) (string, bool, error) {
	n, err := strconv.Atoi(count)
	if err != nil || n > maxKeys*2 {
		return "", false, errProtocol
	}
	var lines []string
	for i := range n {
		text, _, err := c.read(terminal)
		if err != nil {
			return "", false, err
		}
		if terminal {
			text = strconv.Itoa(i+1) + ") " + text
		}
		lines = append(lines, text)
	}
	if n <= 0 && terminal {
		return "(empty array)", false, nil
	}
	return strings.Join(lines, "\n"), false, nil
}
