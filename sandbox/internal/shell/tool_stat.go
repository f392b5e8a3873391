package shell

import (
	"io/fs"
	"strconv"
	"strings"
)

func stat(k *call) int {
	o, ok := k.parse("c:Lft", "format=c:", "printf=c:")
	if !ok {
		return 1
	}
	code := 0
	for _, n := range o.rest {
		st, err := k.lstat(n, !o.has("L"))
		if err != nil {
			code = k.fail("can't stat '%s': %s", n, reason(err))
			continue
		}
		kind := "regular file"
		switch {
		case st.IsDir():
			kind = "directory"
		case st.Mode()&fs.ModeSymlink != 0:
			kind = "symbolic link"
		case st.Size() == 0:
			kind = "regular empty file"
		}
		uid := strconv.FormatInt(ownerOf(st), 10)
		if f := o.get("c", ""); f != "" {
			k.println(strings.NewReplacer("%n", n, "%s", strconv.FormatInt(st.Size(), 10), "%a", strconv.FormatUint(uint64(st.Mode().Perm()), 8),
				"%A", modeString(st.Mode()), "%u", uid, "%g", uid, "%U", userName(k.c, ownerOf(st)), "%G", userName(k.c, ownerOf(st)), "%F", kind,
				"%Y", strconv.FormatInt(st.ModTime().Unix(), 10), "%y", st.ModTime().UTC().Format("2006-01-02 15:04:05.000000000 +0000")).Replace(f))
			continue
		}
		k.printf("  File: %s\n  Size: %-10d\tBlocks: %-10d IO Block: 4096   %s\n", n, st.Size(), (st.Size()+511)/512, kind)
		k.printf("Access: (%04o/%s)  Uid: (%5s/%8s)   Gid: (%5s/%8s)\n", st.Mode().Perm(), modeString(st.Mode()), uid, userName(k.c, ownerOf(st)), uid, userName(k.c, ownerOf(st)))
		k.printf("Modify: %s\n", st.ModTime().UTC().Format("2006-01-02 15:04:05.000000000 +0000"))
	}
	return code
}

func df(k *call) int {
	o, ok := k.parse("hkTPmai")
	if !ok {
		return 1
	}
	const total, used = 100 << 20, 21 << 20 // In KiB: the node's disk.
	show := func(kib int64) string {
		if o.has("h") {
			return human(kib << 10)
		}
		return strconv.FormatInt(kib, 10)
	}
	unit := "1K-blocks"
	if o.has("h") {
		unit = "Size"
	}
	k.printf("%-20s %10s %10s %10s %4s %s\n", "Filesystem", unit, "Used", "Available", "Use%", "Mounted on")
	disks := []Disk{{"overlay", "/", total << 10, used << 10, (total - used) << 10}, {"tmpfs", "/dev", 64 << 20, 0, 64 << 20}}
	if real, ok := kernel(k.c); ok {
		var err error
		disks, err = real.Disks(k.firstPath(o))
		if err != nil {
			return k.fail("%s: %s", k.firstPath(o), reason(err))
		}
	}
	for _, d := range disks {
		k.printf("%-20s %10s %10s %10s %3d%% %s\n", d.Device, show(int64(d.Total>>10)), show(int64(d.Used>>10)), show(int64(d.Free>>10)), d.Used*100/max(d.Used+d.Free, 1), d.Path)
	}
	return 0
}

// firstPath is the path that a command names, or nothing.
func (k *call) firstPath(o *options) string {
	if len(o.rest) == 0 {
		return ""
	}
	return k.abs(o.rest[0])
}

func du(k *call) int {
	o, ok := k.parse("shkad:c", "max-depth=d:")
	if !ok {
		return 1
	}
	names := o.rest
	if len(names) == 0 {
		names = []string{"."}
	}
	show := func(b int64) string {
		if o.has("h") {
			return human(b)
		}
		return strconv.FormatInt((b+1023)/1024, 10)
	}
	code := 0
	var walk func(name string, depth int) int64
	walk = func(name string, depth int) int64 {
		st, err := k.lstat(name, true)
		if err != nil {
			code = k.fail("%s: %s", name, reason(err))
			return 0
		}
		sum := (st.Size() + 4095) / 4096 * 4096
		if st.IsDir() && depth < 32 {
			entries, _ := k.c.ReadDir(k.abs(name))
			for _, e := range entries {
				sum += walk(strings.TrimSuffix(name, "/")+"/"+e.Name(), depth+1)
			}
		}
		if depth == 0 || !o.has("s") && st.IsDir() {
			k.printf("%s\t%s\n", show(sum), name)
		}
		return sum
	}
	for _, n := range names {
		walk(n, 0)
	}
	return code
}

func mount(k *call) int {
	k.println("overlay on / type overlay (rw,relatime)")
	k.println("proc on /proc type proc (rw,nosuid,nodev,noexec,relatime)")
	k.println("tmpfs on /dev type tmpfs (rw,nosuid,size=65536k,mode=755)")
	return 0
}
