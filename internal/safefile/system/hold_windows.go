package system

import "os"

// An open file cannot be renamed here, so a staged file cannot be marked as in
// use by keeping it open, and none is ever taken for abandoned.

// Hold marks nothing.
func Hold(*os.File) bool { return true }

// LetGo closes a staged file for its renaming.
func LetGo(file *os.File) { _ = file.Close() }

// Held is never known here, so that what was left can be named.
func Held(*os.File) bool { return false }

// Abandoned is never known here.
func Abandoned(*os.File) bool { return false }

// SyncFolder does nothing: the file system journals its names.
func SyncFolder(*os.Root) error { return nil }
