package safefile

import "io/fs"

// DescriptorIn is never one here.
func DescriptorIn(string) (int, bool) { return 0, false }

// CloseOnExec has nothing to do: handles are not inherited unless that is asked
// for.
func CloseOnExec(int) {}

// JudgeWay has nothing to add: access lists are judged where they are inherited.
func JudgeWay(string) error { return nil }

func ownedByUs(fs.FileInfo) bool { return false }

func onReadOnlyMount(string) bool { return false }
