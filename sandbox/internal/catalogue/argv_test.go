package catalogue

import "testing"

func TestAppEndsByItselfOnlyWithItsArgument(t *testing.T) {
	once := &Image{Exit: &Exit{WithArg: "--once"}}
	if once.EndsByItself([]string{"reload", "--once"}) == nil {
		t.Error("the app goes on though it was told to run once")
	}
	if once.EndsByItself([]string{"reload"}) != nil {
		t.Error("the app ends though it was not told to")
	}
	if always := (&Image{Exit: &Exit{}}); always.EndsByItself([]string{"job"}) == nil {
		t.Error("a job goes on for ever")
	}
}
