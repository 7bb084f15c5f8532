package keys

import "regexp"

// Mask puts a placeholder where text holds anything that could be a seed, sound
// or damaged, in either case. It is the last net under messages that repeat
// what somebody typed; what is known to be a seed never gets that far.
func Mask(text string) string {
	return regexp.MustCompile(`(?i)\bs[acmnouvx][a-z0-9]{48,64}\b`).ReplaceAllString(text, "[a seed, not shown]")
}
