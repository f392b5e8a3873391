package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// values reads bindings with whole numbers as integers, as the API server hands objects to CEL.
func values(bindings map[string]json.RawMessage) (map[string]any, error) {
	read := make(map[string]any, len(bindings))
	for name, raw := range bindings {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		read[name] = whole(value)
	}
	return read, nil
}

func whole(value any) any {
	switch value := value.(type) {
	case json.Number:
		if n, err := strconv.ParseInt(value.String(), 10, 64); err == nil {
			return n
		}
		if n, err := strconv.ParseUint(value.String(), 10, 64); err == nil {
			return n
		}
		n, _ := value.Float64()
		return n
	case []any:
		for i := range value {
			value[i] = whole(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = whole(value[key])
		}
	}
	return value
}

// literal writes a value as the CEL expression that gives it.
func literal(value ref.Val) (string, error) {
	switch value := value.(type) {
	case types.Null:
		return "null", nil
	case types.Bool:
		return strconv.FormatBool(bool(value)), nil
	case types.Int:
		if value == math.MinInt64 {
			return "(-9223372036854775807 - 1)", nil
		}
		return strconv.FormatInt(int64(value), 10), nil
	case types.Uint:
		return strconv.FormatUint(uint64(value), 10) + "u", nil
	case types.Double:
		return double(float64(value)), nil
	case types.String:
		return quote(string(value)), nil
	case types.Bytes:
		var text strings.Builder
		for _, b := range []byte(value) {
			fmt.Fprintf(&text, `\x%02x`, b)
		}
		return "b'" + text.String() + "'", nil
	case types.Duration:
		return "duration('" + value.Duration.String() + "')", nil
	case types.Timestamp:
		return "timestamp('" + value.Time.UTC().Format(time.RFC3339Nano) + "')", nil
	case *types.Type:
		return value.TypeName(), nil
	case *types.Optional:
		if !value.HasValue() {
			return "optional.none()", nil
		}
		inner, err := literal(value.GetValue())
		return "optional.of(" + inner + ")", err
	case traits.Mapper:
		return mapping(value)
	case traits.Lister:
		return listing(value)
	}
	return "", fmt.Errorf("%s cannot be written", value.Type().TypeName())
}

func double(value float64) string {
	switch {
	case math.IsNaN(value):
		return "double('NaN')"
	case math.IsInf(value, 1):
		return "double('Infinity')"
	case math.IsInf(value, -1):
		return "double('-Infinity')"
	}
	return "double('" + strconv.FormatFloat(value, 'g', -1, 64) + "')"
}

func quote(text string) string {
	var quoted strings.Builder
	for _, r := range text {
		if r == '\'' || r == '\\' || r < ' ' || r > '~' {
			fmt.Fprintf(&quoted, `\U%08x`, r)
		} else {
			quoted.WriteRune(r)
		}
	}
	return "'" + quoted.String() + "'"
}

func listing(list traits.Lister) (string, error) {
	var items []string
	for it := list.Iterator(); it.HasNext() == types.True; {
		item, err := literal(it.Next())
		if err != nil {
			return "", err
		}
		items = append(items, item)
	}
	return "[" + strings.Join(items, ", ") + "]", nil
}

func mapping(entries traits.Mapper) (string, error) {
	var written []string
	for it := entries.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		name, err := literal(key)
		if err != nil {
			return "", err
		}
		value, err := literal(entries.Get(key))
		if err != nil {
			return "", err
		}
		written = append(written, name+": "+value)
	}
	slices.Sort(written)
	return "{" + strings.Join(written, ", ") + "}", nil
}
