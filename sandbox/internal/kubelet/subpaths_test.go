package kubelet

import (
	"os"
	"path/filepath"
	"testing"
)

// A volume of a Pod with fsGroup is a folder with the setgid bit, which the kubelet asks for in folders within it too.
func TestSubPathsAreMadeInVolumesOfAGroup(t *testing.T) {
	base := t.TempDir()
	if err := (subpaths{}).SafeMakeDir("db/data", base, os.ModeDir|os.ModeSetgid|0o770); err != nil {
		t.Fatal(err)
	}
	if err := (subpaths{}).SafeMakeDir("../outside", base, 0o770); err == nil {
		t.Error("a path out of the volume was made")
	}
	if info, err := os.Stat(filepath.Join(base, "db/data")); err != nil || info.Mode().Perm()&0o700 != 0o700 {
		t.Errorf("db/data: %v, %v", info, err)
	}
}
