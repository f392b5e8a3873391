package fluentbit

import (
	"encoding/json"
	"errors"
	"os"
	"path"
	"path/filepath"
	"testing"
)

type fake map[string]string

func (f fake) ReadFile(name string) ([]byte, error) {
	text, ok := f[name]
	if !ok {
		return nil, errors.New("no such file")
	}
	return []byte(text), nil
}

func (f fake) List(folder string) (names []string) {
	for name := range f {
		if path.Dir(name) == folder {
			names = append(names, path.Base(name))
		}
	}
	return names
}

// The engine's own reader must answer the same cases alike.
func TestConfigurationsAreReadAsTheEngineReadsThem(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "fluent-bit", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var shared struct {
		Logs  []string
		Cases []struct {
			Name, Path, Error  string
			Files, Environment map[string]string
			Outputs            []struct {
				Name, Address string
				Logs          []string
			}
		}
	}
	if err := json.Unmarshal(text, &shared); err != nil {
		t.Fatal(err)
	}
	for _, c := range shared.Cases {
		t.Run(c.Name, func(t *testing.T) {
			config, err := Read(c.Path, fake(c.Files), c.Environment)
			if err != nil || c.Error != "" {
				if err == nil || err.Error() != c.Error {
					t.Errorf("%v, expected %q", err, c.Error)
				}
				return
			}
			if len(config.Outputs) != len(c.Outputs) {
				t.Fatalf("%d outputs", len(config.Outputs))
			}
			for i, output := range config.Outputs {
				want := c.Outputs[i]
				address := ""
				if host, port, ok := output.Address(); ok {
					address = host + ":" + port
				}
				logs := []string{}
				for _, log := range shared.Logs {
					if config.Sends(log, output) {
						logs = append(logs, log)
					}
				}
				if output.Or("name", "") != want.Name || address != want.Address || len(logs) != len(want.Logs) || len(logs) > 0 && logs[0] != want.Logs[0] {
					t.Errorf("%v %s %v, expected %+v", output, address, logs, want)
				}
			}
		})
	}
}

func FuzzNoTextMakesTheReadersPanic(f *testing.F) {
	f.Add("[OUTPUT]\n Name es\n Match *\n", "pipeline: {outputs: [{name: es}]}")
	f.Fuzz(func(_ *testing.T, classic, yaml string) {
		for name, text := range map[string]string{"/c.conf": classic, "/c.yaml": yaml} {
			if config, err := Read(name, fake{name: text}, nil); err == nil {
				for _, output := range config.Outputs {
					config.Sends("/var/log/containers/a_b_c.log", output)
				}
			}
		}
	})
}
