package app

import (
	"os"
	"path/filepath"
	"testing"
)

func TestALogIsFollowedByWholeLines(t *testing.T) {
	name := filepath.Join(t.TempDir(), "0.log")
	write := func(text string) {
		file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		if _, err := file.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	write("old\n")
	_, at := Tail(name, -1, 0)
	write("one\ntw")
	text, at := Tail(name, at, 100)
	if string(text) != "one\n" {
		t.Errorf("%q", text)
	}
	write("o\n")
	if text, _ := Tail(name, at, 100); string(text) != "two\n" {
		t.Errorf("%q", text)
	}
	if text, _ := Tail(name, 1000, 100); string(text) != "old\none\ntwo\n" {
		t.Errorf("a file that was begun anew gives %q", text)
	}
}

func TestRecordsCarryTheNamesOfTheirFile(t *testing.T) {
	text := "2026-11-21T02:10:00.5Z stdout F order 4711 shipped\nnonsense\n"
	found := lines("/var/log/containers/web-0_shop_web-0c1d.log", []byte(text))
	if len(found) != 1 || found[0].namespace != "shop" || found[0].pod != "web-0" || found[0].name != "web" || found[0].text != "order 4711 shipped" {
		t.Errorf("%+v", found)
	}
}

func TestTheCommandNamesTheConfiguration(t *testing.T) {
	for want, argv := range map[string][]string{
		ownConfig: {"fluent-bit"}, "/a.yaml": {"fluent-bit", "-c", "/a.yaml"}, "/b.conf": {"fluent-bit", "--config=/b.conf"},
	} {
		if got := configFile(argv); got != want {
			t.Errorf("%v: %s", argv, got)
		}
	}
}
