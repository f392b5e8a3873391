package shell

import (
	"context"
	"fmt"
	"time"
)

const (
	pingEvery = time.Second
	pingWaits = 10 * time.Second
)

// ping works where there is a kernel to carry its packets.
func ping(k *call) int {
	o, ok := k.parse("c:w:W:i:q46s:n")
	if !ok || len(o.rest) == 0 {
		return 1
	}
	name := o.rest[0]
	a, err := k.resolve(name)
	if err != nil || len(a.Addresses) == 0 {
		if k.gnu() {
			fmt.Fprintf(k.err, "ping: %s: Name or service not known\n", name)
			return 2
		}
		return k.fail("bad address '%s'", name)
	}
	real, carried := kernel(k.c)
	if uid, _ := k.c.User(); uid != 0 && !carried {
		return k.fail("permission denied (are you root?)")
	}
	count := 0
	if _, err := fmt.Sscan(o.get("c", "0"), &count); err != nil {
		return k.fail("invalid number '%s'", o.get("c", ""))
	}
	wait := pingWaits
	if d, ok := duration(o.get("W", "")); ok && d > 0 {
		wait = d
	}
	ctx := k.ctx
	if d, ok := duration(o.get("w", "")); ok && d > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d)
		defer cancel()
	}
	address := a.Addresses[0]
	k.printf("PING %s (%s): 56 data bytes\n", name, address)
	sent, received := 0, 0
	for (count == 0 || sent < count) && ctx.Err() == nil {
		if sent > 0 && !sleepFor(ctx, pingEvery) {
			break
		}
		sent++
		if !carried {
			continue
		}
		limited, cancel := context.WithTimeout(ctx, wait)
		took, err := real.Ping(limited, address, sent)
		cancel()
		if err == nil {
			received++
			k.printf("64 bytes from %s: seq=%d ttl=63 time=%.3f ms\n", address, sent-1, float64(took.Microseconds())/1000)
		} else if limited.Err() == nil {
			return k.fail("sendto: %s", capital(err.Error()))
		}
	}
	k.printf("\n--- %s ping statistics ---\n%d packets transmitted, %d packets received, %d%% packet loss\n", name, sent, received, (sent-received)*100/max(sent, 1))
	if !carried {
		fmt.Fprintln(k.err, "ping: the sandbox carries no ICMP packets; try nc -zv HOST PORT or wget")
	}
	if received == 0 {
		return 1
	}
	return 0
}

func traceroute(k *call) int { return unsupported(k) }
