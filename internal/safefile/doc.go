// Package safefile is the one place that writes to disk: private, atomic,
// locked files.
//
// A file is written beside its final name, synced, renamed over it, and the
// folder synced, so that a reader sees the old bytes or the new ones and a
// crash leaves one of the two. Nothing is written through a symbolic link, over
// anything but a regular file, nor, for a Private file, into a folder that
// others can write. The folder that was judged is the folder that is written:
// it is held open from the judgement to the rename.
//
// What a killed run leaves behind is called .latch-tmp-HEX. Its writer held a
// lock on it that died with the process, so the next writer in that folder can
// tell it from one in use, and removes it.
//
// A Set changes several files of a folder, whole or not at all. Its files wait in
// .latch-set with a journal of names; whoever opens the next Set, or settles the
// folder to read it, finishes or undoes what a killed process had decided.
//
// Errors keep their cause for errors.Is: fs.ErrNotExist, fs.ErrExist,
// fs.ErrPermission, syscall.ENOSPC. On Windows access lists stand in for modes and
// owners; second names of a file are not counted there.
package safefile
