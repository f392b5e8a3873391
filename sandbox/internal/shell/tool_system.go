package shell

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/interp"
)

func hostname(_ context.Context, c Container, hc interp.HandlerContext, _ []string) uint8 {
	fmt.Fprintln(hc.Stdout, c.Hostname())
	return 0
}

func date(_ context.Context, _ Container, hc interp.HandlerContext, _ []string) uint8 {
	fmt.Fprintln(hc.Stdout, time.Now().UTC().Format("Mon Jan _2 15:04:05 UTC 2006"))
	return 0
}

func id(_ context.Context, c Container, hc interp.HandlerContext, _ []string) uint8 {
	uid, gid := c.User()
	fmt.Fprintf(hc.Stdout, "uid=%d gid=%d\n", uid, gid)
	return 0
}

func env(_ context.Context, _ Container, hc interp.HandlerContext, args []string) uint8 {
	if len(args) > 1 {
		v := hc.Env.Get(args[1])
		if !v.IsSet() {
			return 1
		}
		fmt.Fprintln(hc.Stdout, v.String())
		return 0
	}
	var lines []string
	for k, v := range hc.Env.Each {
		if v.Exported && v.IsSet() {
			lines = append(lines, k+"="+v.String())
		}
	}
	slices.Sort(lines)
	fmt.Fprintln(hc.Stdout, strings.Join(lines, "\n"))
	return 0
}

func sleep(ctx context.Context, c Container, _ interp.HandlerContext, args []string) uint8 {
	d := time.Duration(0)
	for _, a := range args[1:] {
		unit := time.Second
		switch {
		case a == "infinity":
			a, unit = "8760", time.Hour
		case strings.HasSuffix(a, "m"):
			a, unit = strings.TrimSuffix(a, "m"), time.Minute
		case strings.HasSuffix(a, "h"):
			a, unit = strings.TrimSuffix(a, "h"), time.Hour
		case strings.HasSuffix(a, "d"):
			a, unit = strings.TrimSuffix(a, "d"), 24*time.Hour
		}
		n, err := strconv.ParseFloat(strings.TrimSuffix(a, "s"), 64)
		if err != nil {
			return 1
		}
		d += time.Duration(n * float64(unit))
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return 0
	case <-ctx.Done():
	case <-c.Done():
	}
	return 137
}
