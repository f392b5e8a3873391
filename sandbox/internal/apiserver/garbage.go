package apiserver

import (
	"os"
	"runtime/debug"
	"strconv"
	"time"

	genericapiserver "k8s.io/apiserver/pkg/server"
)

const (
	// startPercent lets the heap grow while the server makes its types and documents, nearly all of which stay: collecting
	// with GOGC=75 costs a quarter of the processor time of a start.
	startPercent = 300
	// giveBack is when the memory that only the start needed goes back to the system.
	giveBack = 20 * time.Second
)

func collectLess() {
	debug.SetGCPercent(startPercent)
}

// collectAsUsual goes back to what GOGC asks for, once the server serves.
func collectAsUsual(genericapiserver.PostStartHookContext) error {
	debug.SetGCPercent(percent(os.Getenv("GOGC")))
	time.AfterFunc(giveBack, debug.FreeOSMemory)
	return nil
}

// percent reads GOGC as the runtime does.
func percent(gogc string) int {
	if gogc == "off" {
		return -1
	}
	if n, err := strconv.ParseInt(gogc, 10, 32); err == nil && n >= 0 {
		return int(n)
	}
	return 100
}
