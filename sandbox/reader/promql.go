package main

import (
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

var promQL = parser.NewParser(parser.Options{})

func expressionErrors(expressions []string) []string {
	errors := make([]string, 0, len(expressions))
	for _, expression := range expressions {
		text := ""
		if _, err := promQL.ParseExpr(expression); err != nil {
			text = err.Error()
		}
		errors = append(errors, text)
	}
	return errors
}

func parseRules(text string) (*rulefmt.RuleGroups, []error) {
	return rulefmt.Parse([]byte(text), false, model.UTF8Validation, promQL, promslog.NewNopLogger())
}

func ruleErrors(text string) []string {
	_, errs := parseRules(text)
	return texts(errs)
}

func texts(errs []error) []string {
	found := make([]string, 0, len(errs))
	for _, err := range errs {
		found = append(found, err.Error())
	}
	return found
}
