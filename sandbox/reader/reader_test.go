package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func ask(t *testing.T, question string) answer {
	t.Helper()
	var out strings.Builder
	if err := run(strings.NewReader("["+question+"]"), &out); err != nil {
		t.Fatal(err)
	}
	var answers []answer
	if err := json.Unmarshal([]byte(out.String()), &answers); err != nil || len(answers) != 1 {
		t.Fatalf("%v in %s", err, out.String())
	}
	return answers[0]
}

func encode(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExpressionsAreParsedOneByOne(t *testing.T) {
	got := ask(t, `{"expressions": ["sum(rate(x[5m]))", "sum(rate(x[5m])", "1 +"]}`).Errors
	if len(got) != 3 || got[0] != "" || got[1] == "" || got[2] == "" {
		t.Error(got)
	}
}

func TestAnAlertReachesTheReceiverOfItsRoute(t *testing.T) {
	config := `
route:
  receiver: team
  routes:
  - matchers: [severity="critical"]
    receiver: oncall
    continue: true
  - matchers: [severity=~"critical|warning"]
    receiver: archive
receivers: [{name: team}, {name: oncall}, {name: archive}]
`
	question := map[string]any{"routing": map[string]any{"config": config, "alerts": []map[string]string{{"severity": "critical"}, {}}}}
	got := ask(t, encode(t, question))
	if encode(t, got.Receivers) != `[["oncall","archive"],["team"]]` {
		t.Error(got)
	}
	if got := ask(t, `{"routing": {"config": "route: {receiver: gone}", "alerts": []}}`); len(got.Errors) == 0 {
		t.Error("a receiver that is not there was accepted")
	}
}

const rules = `
groups:
- name: shop
  rules:
  - record: shop:errors:ratio
    expr: sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))
  - alert: HighErrorRate
    expr: shop:errors:ratio > 0.05
    for: 5m
    labels: {severity: critical}
  - alert: Absent
    expr: absent(up{job="shop"})
    for: 1m
`

func TestAlertsFireWhenTheyShould(t *testing.T) {
	series := func(bad, good string) []map[string]string {
		return []map[string]string{
			{"series": `http_requests_total{code="500"}`, "values": bad},
			{"series": `http_requests_total{code="200"}`, "values": good},
			{"series": `up{job="shop"}`, "values": "1x60"},
		}
	}
	cases := []map[string]any{
		{"series": series("0+10x60", "0+90x60"), "interval": "30s", "at": "12m"},
		{"series": series("0+1x60", "0+99x60"), "interval": "30s", "at": "12m"},
		{"series": series("0+10x60", "0+90x60"), "interval": "30s", "at": "2m"},
		{"series": []any{}, "interval": "30s", "at": "2m"},
	}
	got := ask(t, encode(t, map[string]any{"trials": map[string]any{"rules": rules, "cases": cases}}))
	var names []string
	for _, fired := range got.Fired {
		name := ""
		for _, alert := range fired {
			name += alert.Name + alert.Labels["severity"]
		}
		names = append(names, name)
	}
	if strings.Join(names, ",") != "HighErrorRatecritical,,,Absent" {
		t.Error(names, got.Errors)
	}
}

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	cases := []map[string]any{{"series": []any{}, "interval": "1m", "at": "10000d"}}
	got := ask(t, encode(t, map[string]any{"trials": map[string]any{"rules": rules, "cases": cases}}))
	if len(got.Errors) != 1 {
		t.Error(got)
	}
	many := []map[string]any{{"series": []map[string]string{{"series": "x", "values": "0+1x9000000"}}, "interval": "1s", "at": "1m"}}
	if got := ask(t, encode(t, map[string]any{"trials": map[string]any{"rules": rules, "cases": many}})); len(got.Errors) != 1 {
		t.Error(got)
	}
}

func TestRulesThatDoNotParseSayWhere(t *testing.T) {
	got := ask(t, encode(t, map[string]string{"rules": strings.Replace(rules, "> 0.05", ">", 1)})).Errors
	if len(got) != 1 || !strings.Contains(got[0], "HighErrorRate") {
		t.Error(got)
	}
}

func TestAConfigurationOfPrometheusIsReadAsPrometheusReadsIt(t *testing.T) {
	cases := map[string]string{
		"scrape_configs: [{job_name: shop, kubernetes_sd_configs: [{role: endpoints}], relabel_configs: [{action: kep}]}]": "relabel",
		"scrape_configs: [{job_name: shop, kubernetes_sd_configs: [{role: endpoint}]}]":                                    "role",
		"scrape_configs: [{job_name: shop}, {job_name: shop}]":                                                             "shop",
		"scrape_configs: [{job_name: shop, static_config: [{targets: ['web:80']}]}]":                                       "static_config",
		"scrape_configs: [{job_name: shop, scrape_interval: 5s, scrape_timeout: 10s}]":                                     "timeout",
		"global: {scrape_interval: 15}\nscrape_configs: [":                                                                 "yaml",
		"scrape_configs: [{job_name: aws, ec2_sd_configs: [{region: eu-west-1}], scrape_intervall: 5s}]":                   "scrape_intervall",
	}
	for config, want := range cases {
		if got := ask(t, encode(t, map[string]string{"config": config})).Errors; len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s: %q, want %q", config, got, want)
		}
	}
	for _, config := range []string{
		"global: {scrape_interval: 15s}\nscrape_configs: [{job_name: shop, kubernetes_sd_configs: [{role: pod, namespaces: {names: [shop]}}]}]",
		"scrape_configs: [{job_name: aws, ec2_sd_configs: [{region: eu-west-1}]}]",
		"rule_files: [/etc/rules/*.yml]\nalerting: {alertmanagers: [{static_configs: [{targets: ['alertmanager:9093']}]}]}",
	} {
		if got := ask(t, encode(t, map[string]string{"config": config})).Errors; len(got) != 0 {
			t.Errorf("%s: %q", config, got)
		}
	}
}

func FuzzQuestionsNeverPanic(f *testing.F) {
	f.Add("sum(x)", "route: {receiver: a}\nreceivers: [{name: a}]", "0+1x10")
	f.Fuzz(func(t *testing.T, expression, config, values string) {
		question := map[string]any{"expressions": []string{expression}}
		ask(t, encode(t, question))
		ask(t, encode(t, map[string]string{"config": config}))
		ask(t, encode(t, map[string]any{"routing": map[string]any{"config": config, "alerts": []map[string]string{{"a": "b"}}}}))
		if len(values) < 20 {
			series := []map[string]string{{"series": "x", "values": values}}
			cases := []map[string]any{{"series": series, "interval": "30s", "at": "1m"}}
			ask(t, encode(t, map[string]any{"trials": map[string]any{"rules": rules, "cases": cases}}))
		}
	})
}
