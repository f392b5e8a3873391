// Command cel says what Kubernetes' own CEL makes of expressions: the measure that the tests hold kubedrill's CEL against. It reads a
// JSON list of {expression, bindings} and writes one of {value, type, refused, failed}, in the same order. A value is written in CEL.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/google/cel-go/cel"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

// names are the variables that a row may bind; each is dyn, so that nothing but literals has a type before evaluation.
var names = []string{"object", "pods", "text", "number", "list", "nothing"}

type row struct {
	Expression string                     `json:"expression"`
	Bindings   map[string]json.RawMessage `json:"bindings"`
}

type answer struct {
	Value   string `json:"value,omitempty"`
	Type    string `json:"type,omitempty"`
	Refused string `json:"refused,omitempty"`
	Failed  string `json:"failed,omitempty"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "cel:", err)
		os.Exit(1)
	}
}

func run() error {
	var rows []row
	if err := json.NewDecoder(os.Stdin).Decode(&rows); err != nil {
		return fmt.Errorf("read the table: %w", err)
	}
	env, err := kubernetes()
	if err != nil {
		return err
	}
	answers := make([]answer, 0, len(rows))
	for _, row := range rows {
		bindings, err := values(row.Bindings)
		if err != nil {
			return fmt.Errorf("the bindings of %q: %w", row.Expression, err)
		}
		answers = append(answers, evaluate(env, row.Expression, bindings))
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

// kubernetes is the API server's environment of this version with all its libraries.
func kubernetes() (*cel.Env, error) {
	options := make([]cel.EnvOption, 0, len(names))
	for _, name := range names {
		options = append(options, cel.Variable(name, cel.DynType))
	}
	set, err := environment.MustBaseEnvSet(version.MajorMinor(1, 36)).Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions:        options,
	})
	if err != nil {
		return nil, fmt.Errorf("declare the variables: %w", err)
	}
	return set.Env(environment.NewExpressions)
}

func evaluate(env *cel.Env, expression string, bindings map[string]any) answer {
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		return answer{Refused: issues.Err().Error()}
	}
	program, err := env.Program(ast)
	if err != nil {
		return answer{Refused: err.Error()}
	}
	value, _, err := program.Eval(bindings)
	if err != nil {
		return answer{Failed: err.Error()}
	}
	written, err := literal(value)
	if err != nil {
		return answer{Failed: err.Error()}
	}
	return answer{Value: written, Type: value.Type().TypeName()}
}
