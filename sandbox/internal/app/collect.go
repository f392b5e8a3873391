package app

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/fluentbit"
)

const (
	flushEvery = 2 * time.Second
	// mostWaiting is how many records wait for an output that does not take them.
	mostWaiting = 500
	// mostRead of a file at a time.
	mostRead = 32 << 10
	// ownConfig is what Fluent Bit reads when nobody names another file.
	ownConfig = "/fluent-bit/etc/fluent-bit.conf"
)

// Collector is a stage that sees the log files of its node. Its methods may be called at any time.
type Collector interface {
	Stage
	ReadDir(name string) ([]fs.DirEntry, error)
	// Logs are the files of /var/log/containers, as far as they are mounted.
	Logs() []string
	// LogFrom reads one of them from an offset on, and says where it ended; from a negative offset, nothing but the end.
	LogFrom(name string, offset int64, most int) ([]byte, int64)
	// End ends the container.
	End(code int32)
}

// collect plays Fluent Bit until its container ends: it follows the node's log files and sends what is in them. A configuration that it
// cannot read ends it.
func collect(s Collector, argv []string) {
	config, err := fluentbit.Read(configFile(argv), seen{s}, s.Env())
	if err != nil {
		note(s, "error", "[config] "+err.Error())
		note(s, "error", "configuration file contains errors, aborting.")
		s.End(1)
		return
	}
	c := &shipping{stage: s, config: config, offsets: map[string]int64{}}
	for i, output := range config.Outputs {
		c.outputs = append(c.outputs, &target{Properties: output, name: fmt.Sprintf("%s.%d", output.Or("name", ""), i), id: i})
	}
	c.begin()
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		c.flush(time.Now())
		select {
		case <-s.Done():
			return
		case <-ticker.C:
		}
	}
}

// configFile is the file that the command names.
func configFile(argv []string) string {
	for i, word := range argv {
		if value, ok := strings.CutPrefix(word, "--config="); ok {
			return value
		}
		if (word == "-c" || word == "--config") && i+1 < len(argv) {
			return argv[i+1]
		}
	}
	return ownConfig
}

// note writes a line of Fluent Bit's log.
func note(s Stage, level, text string) {
	s.Print("stderr", fmt.Sprintf("[%s] [%5s] %s", time.Now().UTC().Format("2006/01/02 15:04:05"), level, text))
}

// seen are a stage's files.
type seen struct{ Collector }

func (s seen) List(folder string) (names []string) {
	entries, err := s.ReadDir(folder)
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// shipping is what Fluent Bit has under way.
type shipping struct {
	stage   Collector
	config  *fluentbit.Config
	outputs []*target
	offsets map[string]int64
}

// target is an output with what waits for it.
type target struct {
	fluentbit.Properties
	name    string
	id      int
	waiting []record
	chunk   string
	tries   int
	due     time.Time // Nothing is sent before.
}

// record is a line of a log file.
type record struct {
	at                   time.Time
	pod, namespace, name string
	stream, text         string
}

func (c *shipping) begin() {
	for _, log := range c.stage.Logs() {
		if !c.fromHead() {
			_, c.offsets[log] = c.stage.LogFrom(log, -1, 0)
		}
	}
	for i, input := range c.config.Inputs {
		note(c.stage, "info", fmt.Sprintf("[input:%[1]s:%[1]s.%[2]d] initializing", input.Or("name", ""), i))
	}
	for _, output := range c.outputs {
		_, glob := output.Get("match")
		_, regex := output.Get("match_regex")
		if !glob && !regex {
			note(c.stage, "warn", "[router] NO match for "+output.name+" output instance")
			continue
		}
		note(c.stage, "info", fmt.Sprintf("[output:%s:%s] worker #0 started", output.Or("name", ""), output.name))
	}
	if c.config.Service.On("http_server") {
		note(c.stage, "info", "[http_server] listen iface=0.0.0.0 tcp_port="+c.config.Service.Or("http_port", "2020"))
	}
	note(c.stage, "info", "[sp] stream processor started")
}

func (c *shipping) fromHead() bool {
	return slices.ContainsFunc(c.config.Inputs, func(input fluentbit.Properties) bool { return input.On("read_from_head") })
}

// flush reads what is new and sends what waits.
func (c *shipping) flush(now time.Time) {
	fresh := map[string][]record{}
	for _, log := range c.stage.Logs() {
		text, next := c.stage.LogFrom(log, c.offsets[log], mostRead)
		c.offsets[log] = next
		if records := lines(log, text); len(records) > 0 {
			fresh[log] = records
		}
	}
	for _, output := range c.outputs {
		for _, log := range slices.Sorted(maps.Keys(fresh)) {
			if c.config.Sends(log, output.Properties) {
				output.waiting = append(output.waiting, fresh[log]...)
			}
		}
		output.waiting = output.waiting[max(0, len(output.waiting)-mostWaiting):]
		if len(output.waiting) > 0 && !now.Before(output.due) {
			c.send(output, now)
		}
	}
}

func (c *shipping) send(output *target, now time.Time) {
	if output.chunk == "" {
		output.chunk = fmt.Sprintf("1-%d.%09d.flb", now.Unix(), now.Nanosecond())
		output.tries = 0
	}
	where := fmt.Sprintf("task_id=0, input=tail.0 > output=%s (out_id=%d)", output.name, output.id)
	if output.Or("name", "") == "es" && !c.bulk(output) {
		output.tries++
		if strings.EqualFold(output.Or("retry_limit", "1"), "no_retries") {
			note(c.stage, "error", fmt.Sprintf("[engine] chunk '%s' cannot be retried: %s", output.chunk, where))
			output.waiting, output.chunk = nil, ""
			return
		}
		wait := min(4+output.tries, 10)
		output.due = now.Add(time.Duration(wait) * time.Second)
		note(c.stage, "warn", fmt.Sprintf("[engine] failed to flush chunk '%s', retry in %d seconds: %s", output.chunk, wait, where))
		return
	}
	if output.tries > 0 {
		note(c.stage, "info", fmt.Sprintf("[engine] flush chunk '%s' succeeded at retry %d: %s", output.chunk, output.tries, where))
	}
	output.waiting, output.chunk = nil, ""
}

// lines are the records in a part of a log file, in the form of container runtimes.
func lines(log string, text []byte) (found []record) {
	file := strings.TrimSuffix(path.Base(log), ".log")
	parts := strings.SplitN(file, "_", 3)
	if len(parts) < 3 {
		return nil
	}
	name, _, _ := cutLast(parts[2], "-")
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		fields := strings.SplitN(string(line), " ", 4)
		if len(fields) < 4 {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, fields[0])
		if err != nil {
			continue
		}
		found = append(found, record{at: at, pod: parts[0], namespace: parts[1], name: name, stream: fields[1], text: fields[3]})
	}
	return found
}

func cutLast(text, separator string) (before, after string, found bool) {
	if at := strings.LastIndex(text, separator); at >= 0 {
		return text[:at], text[at+len(separator):], true
	}
	return text, "", false
}
