//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/cost"
	"kubedrill.dev/sandbox/internal/live"
	"kubedrill.dev/sandbox/internal/load"
	"kubedrill.dev/sandbox/internal/real"
)

// probe looks at the network from here.
func probe(args []string) error {
	c := real.New(&catalogue.Image{}, nil)
	if code := live.Run(context.Background(), c, args, os.Stdout, os.Stderr); code != 0 {
		os.Exit(code)
	}
	return nil
}

// generate sends requests until it is told to end.
func generate(args []string) error {
	var target string
	rate, demand, limit, price := "0", "0", "0", "5ms"
	if _, err := flags(loadUsage, args, map[string]*string{"url": &target, "rate": &rate, "demand": &demand, "cap": &limit, "cost": &price}); err != nil {
		return err
	}
	plan := load.Plan{URL: target}
	perSecond, err := strconv.ParseFloat(strings.TrimSuffix(rate, "/s"), 64)
	if err != nil || perSecond < 0 {
		return fmt.Errorf("--rate %q is not a number of requests a second", rate)
	}
	milli, err := parseMilli("demand", demand)
	if err != nil {
		return err
	}
	most, err := parseMilli("cap", limit)
	if err != nil {
		return err
	}
	plan.Rate = perSecond
	if milli > 0 {
		each, err := time.ParseDuration(price)
		if err != nil || each <= 0 {
			return fmt.Errorf("--cost %q is not a time such as 5ms", price)
		}
		plan.Cost = cost.Cost{Time: each, Cap: most}
		if plan.Rate == 0 {
			plan.Rate = float64(milli) / 1000 / each.Seconds()
		} else {
			plan.Cost.Time = time.Duration(float64(milli) / 1000 / plan.Rate * float64(time.Second))
		}
	}
	if plan.Rate == 0 {
		return fmt.Errorf("give --demand or --rate; usage: %s", loadUsage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	plan.Run(ctx, os.Stdout)
	return nil
}

// parseMilli reads 850m and 0.85 as 850.
func parseMilli(name, text string) (int64, error) {
	if n, ok := strings.CutSuffix(text, "m"); ok {
		if v, err := strconv.ParseInt(n, 10, 64); err == nil && v >= 0 {
			return v, nil
		}
	} else if v, err := strconv.ParseFloat(text, 64); err == nil && v >= 0 {
		return int64(v * 1000), nil
	}
	return 0, fmt.Errorf("--%s %q is not an amount of CPU such as 850m", name, text)
}
