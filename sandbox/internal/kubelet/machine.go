package kubelet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"time"

	cadvisorapi "github.com/google/cadvisor/info/v1"
	cadvisorapiv2 "github.com/google/cadvisor/info/v2"
)

const (
	podCgroup = "/kubepods"
	osImage   = "Debian GNU/Linux 13 (trixie)"
)

// machine is the node's hardware: it stands where cAdvisor stands on a real node.
type machine struct {
	name   string
	cpus   int
	memory uint64
	disk   uint64
	use    func() (cpuNanoSeconds, memoryBytes uint64)
	boot   time.Time
	bootID string // New in every process: a node that was restarted has rebooted, and the kubelet says so in an event.
}

func formatUUID(b []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

func (m *machine) Start() error { return nil }

func (m *machine) ContainerInfoV2(name string, _ cadvisorapiv2.RequestOptions) (map[string]cadvisorapiv2.ContainerInfo, error) {
	cpu, mem := m.use()
	now := time.Now()
	if name != podCgroup { // the system itself: 350 MiB and 60 milliCPU
		mem += 350 << 20
		cpu += uint64(now.Sub(m.boot)) * 60 / 1000
	}
	mem = min(mem, m.memory) // the kubelet subtracts without looking
	return map[string]cadvisorapiv2.ContainerInfo{name: {
		Spec: cadvisorapiv2.ContainerSpec{CreationTime: m.boot, HasCpu: true, HasMemory: true, Memory: cadvisorapiv2.MemorySpec{Limit: m.memory}},
		Stats: []*cadvisorapiv2.ContainerStats{{
			Timestamp: now,
			Cpu:       &cadvisorapi.CpuStats{Usage: cadvisorapi.CpuUsage{Total: cpu}},
			Memory:    &cadvisorapi.MemoryStats{Usage: mem, WorkingSet: mem, RSS: mem},
		}},
	}}, nil
}

func (m *machine) GetRequestedContainersInfo(string, cadvisorapiv2.RequestOptions) (map[string]*cadvisorapi.ContainerInfo, error) {
	return map[string]*cadvisorapi.ContainerInfo{}, nil
}

func (m *machine) MachineInfo() (*cadvisorapi.MachineInfo, error) {
	id := sha256.Sum256([]byte(m.name))
	return &cadvisorapi.MachineInfo{NumCores: m.cpus, MemoryCapacity: m.memory, MachineID: hex.EncodeToString(id[:16]), SystemUUID: formatUUID(id[16:]), BootID: m.bootID}, nil
}

func (m *machine) VersionInfo() (*cadvisorapi.VersionInfo, error) {
	return &cadvisorapi.VersionInfo{KernelVersion: "6.12.48+deb13-" + runtime.GOARCH, ContainerOsVersion: osImage}, nil
}

func (m *machine) fs() cadvisorapiv2.FsInfo {
	inodes, free := uint64(6<<20), uint64(5<<20)
	return cadvisorapiv2.FsInfo{Timestamp: time.Now(), Device: "/dev/vda1", Mountpoint: "/", Capacity: m.disk, Available: m.disk * 8 / 10, Usage: m.disk / 5, Inodes: &inodes, InodesFree: &free}
}
func (m *machine) ImagesFsInfo(context.Context) (cadvisorapiv2.FsInfo, error)    { return m.fs(), nil }
func (m *machine) RootFsInfo() (cadvisorapiv2.FsInfo, error)                     { return m.fs(), nil }
func (m *machine) ContainerFsInfo(context.Context) (cadvisorapiv2.FsInfo, error) { return m.fs(), nil }
func (m *machine) GetDirFsInfo(string) (cadvisorapiv2.FsInfo, error)             { return m.fs(), nil }
