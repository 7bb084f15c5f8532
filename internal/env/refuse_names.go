package env

import "strings"

// Names that a program keeps for itself: it refuses to set them, changes what is
// set, or can find no program any more once they are. TestReservedNames asks the
// programs.
const (
	// shellNames are those of bash, zsh, ksh and mksh, and of what every shell keeps.
	shellNames = ` _ ARGC BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_LINENO BASH_SOURCE ` +
		`BASH_SUBSHELL BASH_VERSINFO COLUMNS COMP_WORDBREAKS DIRSTACK EGID EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME FUNCNEST ` +
		`GID GROUPS HISTCMD HISTSIZE IFS JOBMAX KEYTIMEOUT KSHEGID KSHGID KSHUID KSH_VERSION LINENO LINES LISTMAX MAILCHECK ` +
		`OPTIND PATH PGRP PIPESTATUS PPID RANDOM SAVEHIST SECONDS SHELLOPTS SHLVL SRANDOM TMOUT TRY_BLOCK_ERROR ` +
		`TRY_BLOCK_INTERRUPT TTYIDLE UID USERNAME USER_ID WATCH ZSH_EVAL_CONTEXT ZSH_SUBSHELL ` +
		`aliases argv builtins cdpath commands dirstack dis_aliases dis_builtins dis_functions dis_functions_source dis_galiases ` +
		`dis_patchars dis_reswords dis_saliases fignore fpath funcfiletrace funcsourcetrace funcstack functions functions_source ` +
		`functrace galiases history historywords jobdirs jobstates jobtexts keymaps mailpath manpath module_path modules ` +
		`nameddirs options parameters patchars path pipestatus psvar reswords saliases signals status termcap terminfo userdirs ` +
		`usergroups watch widgets zsh_eval_context zsh_scheduled_events `

	fishNames = ` _ FISH_VERSION PATH PWD SHLVL fish_kill_signal fish_killring fish_pid history hostname pipestatus status ` +
		`status_generation umask version `
)

// refuseReserved refuses a name that readers of the dialect keep for themselves.
func refuseReserved(d Dialect, a Assignment) error {
	if isAmong(d.reserved, a.Name) {
		return noPlace(d, a, "set it where the host is started, or choose a dialect that no shell reads: docker, json, systemd",
			"shells keep the name for themselves")
	}
	return nil
}

// isAmong finds a name in a list with a blank around each. It is asked for every
// variable of every host, and so makes nothing.
func isAmong(list, name string) bool {
	for from := 0; name != ""; {
		at := strings.Index(list[from:], name)
		if at < 0 {
			return false
		}
		start, end := from+at, from+at+len(name)
		if start > 0 && list[start-1] == ' ' && end < len(list) && list[end] == ' ' {
			return true
		}
		from = end
	}
	return false
}
