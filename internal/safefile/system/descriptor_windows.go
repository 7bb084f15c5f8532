package system

// DescriptorIn is never one here.
func DescriptorIn(string) (int, bool) { return 0, false }

// CloseOnExec has nothing to do: handles are not inherited unless that is asked
// for.
func CloseOnExec(int) {}

// OnReadOnlyMount is never known here.
func OnReadOnlyMount(string) bool { return false }
