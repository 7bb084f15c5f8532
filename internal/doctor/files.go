package doctor

import (
	"fmt"
	"strings"
)

// most is how many of a kind are told one by one.
const most = 5

func (f Facts) examinePermissions() []Finding {
	const check = "permissions"
	var found []Finding
	more, needed := 0, false
	for _, file := range f.Files {
		switch {
		case file.Unsafe == nil:
		case len(found) == most:
			more++
			needed = needed || file.Needed
		default:
			found = append(found, Finding{check, statusOf(file.Needed), file.Unsafe.Error(), remedyOf(file.Unsafe, "")})
		}
	}
	switch {
	case more > 0:
		return append(found, Finding{check, statusOf(needed), fmt.Sprintf("and %d more like these", more), ""})
	case len(found) > 0:
		return found
	case len(f.Files) == 0:
		return one(check, Note, "there are no files to judge", "")
	}
	return one(check, OK, fmt.Sprintf("files and folders that latch uses here: %d, none open to others", len(f.Files)), "")
}

// statusOf is that of something wrong with what latch refuses to use, or merely
// should not have.
func statusOf(needed bool) Status {
	if needed {
		return Missing
	}
	return Warning
}

func (f Facts) examineGit() []Finding {
	const check = "git"
	var tracked, seen []string
	secrets := 0
	for _, file := range f.Files {
		switch {
		case !file.Secret:
			continue
		case file.Tracked:
			tracked = append(tracked, file.Path)
		case file.Seen:
			seen = append(seen, file.Path)
		}
		secrets++
	}
	var found []Finding
	if len(tracked) > 0 {
		found = one(check, Warning, "git tracks files with secrets, and whoever has the repository has them: "+listed(tracked),
			"git rm --cached them, add their folders to .gitignore, and replace the keys: latch issuers rotate start")
	}
	if len(seen) > 0 {
		found = append(found, one(check, Warning, "git does not ignore files with secrets: "+listed(seen), "add their folders to .gitignore")...)
	}
	switch {
	case len(found) > 0:
		return found
	case secrets == 0:
		return one(check, Note, "there are no files with plain secrets", "")
	}
	return one(check, OK, fmt.Sprintf("files with plain secrets: %d, none that git would take", secrets), "")
}

func (f Facts) examineEnvFiles() []Finding {
	const check = "env files"
	if f.Manifest.unreadable() {
		return unread(check)
	}
	var absent, older, newer []string
	for _, h := range f.Hosts {
		switch {
		case !h.Written:
			absent = append(absent, h.Name)
		case h.Generation < f.Manifest.Generation:
			older = append(older, h.Name)
		case h.Generation > f.Manifest.Generation:
			newer = append(newer, h.Name)
		}
	}
	switch {
	case len(f.Hosts) == 0:
		return one(check, Note, "there is no host to write a file for", "")
	case len(newer) > 0:
		return one(check, Warning, fmt.Sprintf("the files in %s of %s are newer than the manifest", f.EnvDir, listed(newer)),
			"get the current manifest, for example with git pull")
	case len(absent) == len(f.Hosts):
		return one(check, Note, "there are no files in "+f.EnvDir, "latch env write")
	case len(absent)+len(older) > 0:
		var why []string
		if len(absent) > 0 {
			why = append(why, "there is none for "+listed(absent))
		}
		if len(older) > 0 {
			why = append(why, fmt.Sprintf("that for %s is older than the manifest's generation %d", listed(older), f.Manifest.Generation))
		}
		return one(check, Warning, fmt.Sprintf("the files in %s are not current: %s", f.EnvDir, strings.Join(why, "; ")), "latch env write")
	}
	return one(check, OK, fmt.Sprintf("%s in %s, of the manifest's generation; latch env write --check compares what they hold", counted(len(f.Hosts), "file"), f.EnvDir), "")
}

// listed names a few of many.
func listed(names []string) string {
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
