// The reader answers questions about the configuration of monitoring with the parsers of Prometheus and Alertmanager themselves: JSON
// on standard input, JSON on standard output. What it reads comes from learners: it opens no file, asks no network, and gives up
// early on what is too large.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// maxInput bounds what is read of all questions together.
const maxInput = 16 << 20

// question is exactly one of its fields.
type question struct {
	// Expressions of PromQL.
	Expressions []string `json:"expressions,omitempty"`
	// Rules is a file of rule groups.
	Rules string `json:"rules,omitempty"`
	// Config is a configuration of Prometheus.
	Config string `json:"config,omitempty"`
	// Routing of alerts by a configuration of Alertmanager.
	Routing *routing `json:"routing,omitempty"`
	// Trials of alerts.
	Trials *trials `json:"trials,omitempty"`
}

type answer struct {
	// Errors of a question as a whole, or of each expression, where an empty text means none.
	Errors []string `json:"errors"`
	// Receivers that each alert reaches.
	Receivers [][]string `json:"receivers,omitempty"`
	// Fired are the alerts that fire in each trial.
	Fired [][]alert `json:"fired,omitempty"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "reader:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	var questions []question
	if err := json.NewDecoder(io.LimitReader(in, maxInput)).Decode(&questions); err != nil {
		return fmt.Errorf("read the questions: %w", err)
	}
	answers := make([]answer, 0, len(questions))
	for _, q := range questions {
		answers = append(answers, reply(q))
	}
	return json.NewEncoder(out).Encode(answers)
}

func reply(q question) answer {
	switch {
	case q.Rules != "":
		return answer{Errors: ruleErrors(q.Rules)}
	case q.Config != "":
		return answer{Errors: configErrors(q.Config)}
	case q.Routing != nil:
		return q.Routing.reply()
	case q.Trials != nil:
		return q.Trials.reply()
	default:
		return answer{Errors: expressionErrors(q.Expressions)}
	}
}

// failed is the answer to a question that cannot be answered.
func failed(err error) answer {
	return answer{Errors: []string{err.Error()}}
}
