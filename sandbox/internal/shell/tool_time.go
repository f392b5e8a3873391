package shell

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// duration reads busybox's and GNU's 5, 1.5, 2m, 1h, infinity.
func duration(s string) (time.Duration, bool) {
	if strings.HasPrefix("infinity", s) && len(s) >= 3 {
		return 365 * 24 * time.Hour, true
	}
	unit := time.Second
	for suffix, u := range map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour} {
		if t, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = t, u
			break
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 || n*float64(unit) > float64(1<<62) {
		return 0, false
	}
	return time.Duration(n * float64(unit)), true
}

func sleep(k *call) int {
	if len(k.args) < 2 {
		if k.gnu() {
			k.fail("missing operand")
			fmt.Fprintln(k.err, "Try 'sleep --help' for more information.")
			return 1
		}
		fmt.Fprintln(k.err, "Usage: sleep [N]...")
		return 1
	}
	total := time.Duration(0)
	for _, a := range k.args[1:] {
		d, ok := duration(a)
		switch {
		case !ok && k.gnu():
			return k.fail("invalid time interval '%s'", a)
		case !ok:
			return k.fail("invalid number '%s'", a)
		}
		total += d
	}
	if !sleepFor(k.ctx, total) {
		return k.cut()
	}
	return 0
}

// cut is the exit code of a command that was ended.
func (k *call) cut() int {
	var end ended
	if errors.As(context.Cause(k.ctx), &end) {
		return int(end)
	}
	return int(errTerminated)
}

func usleep(k *call) int {
	n, err := strconv.Atoi(strings.Join(k.args[1:], ""))
	if err != nil || !sleepFor(k.ctx, time.Duration(n)*time.Microsecond) {
		return 1
	}
	return 0
}

func date(k *call) int {
	o, ok := k.parse("uRId:r:I", "utc=u", "iso-8601=I", "date=d:", "rfc-email=R")
	if !ok {
		return 1
	}
	now := time.Now().UTC()
	if d := o.get("d", ""); d != "" {
		t, err := parseDate(d, now)
		if err != nil {
			return k.fail("invalid date '%s'", d)
		}
		now = t
	}
	switch {
	case len(o.rest) > 0 && strings.HasPrefix(o.rest[0], "+"):
		k.println(strftime(o.rest[0][1:], now))
	case o.has("I"):
		k.println(now.Format("2006-01-02"))
	case o.has("R"):
		k.println(now.Format(time.RFC1123Z))
	default:
		k.println(now.Format("Mon Jan _2 15:04:05 UTC 2006"))
	}
	return 0
}

func parseDate(s string, now time.Time) (time.Time, error) {
	if n, ok := strings.CutPrefix(s, "@"); ok {
		sec, err := strconv.ParseInt(n, 10, 64)
		return time.Unix(sec, 0).UTC(), err
	}
	if s == "now" {
		return now, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "15:04:05", "15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() == 0 {
				t = time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
			}
			return t, nil
		}
	}
	return now, errors.New("invalid date")
}

func strftime(format string, t time.Time) string {
	layouts := map[byte]string{'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan",
		'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04", 'D': "01/02/06", 'Z': "MST", 'z': "-0700", 'p': "PM", 'I': "03", 'e': "_2", 'c': "Mon Jan _2 15:04:05 2006", 'x': "01/02/06", 'X': "15:04:05"}
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 >= len(format) {
			out.WriteByte(format[i])
			continue
		}
		i++
		switch c := format[i]; c {
		case '%':
			out.WriteByte('%')
		case 'n':
			out.WriteByte('\n')
		case 't':
			out.WriteByte('\t')
		case 's':
			out.WriteString(strconv.FormatInt(t.Unix(), 10))
		case 'N':
			fmt.Fprintf(&out, "%09d", t.Nanosecond())
		case 'j':
			fmt.Fprintf(&out, "%03d", t.YearDay())
		case 'u':
			out.WriteString(strconv.Itoa((int(t.Weekday())+6)%7 + 1))
		case 'w':
			out.WriteString(strconv.Itoa(int(t.Weekday())))
		default:
			if l, ok := layouts[c]; ok {
				out.WriteString(t.Format(l))
			} else {
				out.WriteString(format[i-1 : i+1])
			}
		}
	}
	return out.String()
}

func timeout(k *call) int {
	o, ok := k.parse("+s:k:", "signal=s:", "kill-after=k:", "preserve-status=s", "foreground=k")
	if !ok || len(o.rest) < 2 {
		return 125
	}
	words := o.rest
	if o.has("t") {
		words = words[1:]
	}
	d, ok := duration(words[0])
	if !ok {
		k.fail("invalid time interval '%s'", words[0])
		return 125
	}
	ctx, cancel := context.WithTimeout(k.ctx, d)
	defer cancel()
	next := k.with(k.args)
	next.ctx = ctx
	code := next.run(words[1:])
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		if k.gnu() {
			return 124
		}
		return 143
	}
	return code
}

func timeTool(k *call) int {
	start := time.Now()
	code := 0
	if len(k.args) > 1 {
		code = k.run(k.args[1:])
	}
	fmt.Fprintf(k.err, "real\t%dm %.2fs\nuser\t0m 0.00s\nsys\t0m 0.00s\n", int(time.Since(start).Minutes()), time.Since(start).Seconds())
	return code
}
