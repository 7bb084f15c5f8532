package safefile

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Rights that let somebody read what is in a file, or change it or its list.
const (
	reading windows.ACCESS_MASK = windows.FILE_READ_DATA | windows.GENERIC_READ | windows.GENERIC_ALL
	writing windows.ACCESS_MASK = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | fileDeleteChild | windows.DELETE |
		windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL
)

// Source: winnt.h; golang.org/x/sys/windows lacks them.
const (
	fileDeleteChild          = 0x40
	accessDeniedObject       = 0x6
	accessDeniedCallback     = 0xa
	accessDeniedCallbackItem = 0xc
)

// judgeList refuses what somebody other than us, the system and its
// administrators owns or has one of the rights to.
func judgeList(path string, rights windows.ACCESS_MASK) error {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return failed("read the access list of", path, err)
	}
	trusted, err := trustees()
	if err != nil {
		return failed("judge the access list of", path, err)
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return failed("read the owner of", path, err)
	}
	if !contains(trusted, owner) {
		return exposed(path, "belongs to "+account(owner))
	}
	list, _, err := descriptor.DACL()
	if err != nil || list == nil {
		return exposed(path, "has no access list, so that everybody can use it")
	}
	for i := range uint32(list.AceCount) {
		if who, err := grantedTo(list, i, rights); err != nil {
			return failed("read the access list of", path, err)
		} else if who != nil && !contains(trusted, who) {
			return exposed(path, "can be used by "+account(who))
		}
	}
	return nil
}

// grantedTo is whom an entry of the list gives one of the rights, nil where
// nobody.
func grantedTo(list *windows.ACL, at uint32, rights windows.ACCESS_MASK) (*windows.SID, error) {
	var entry *windows.ACCESS_ALLOWED_ACE
	if err := windows.GetAce(list, at, &entry); err != nil {
		return nil, err
	}
	if entry.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 {
		return nil, nil // it is for what is made in the folder
	}
	switch entry.Header.AceType {
	case windows.ACCESS_DENIED_ACE_TYPE, accessDeniedObject, accessDeniedCallback, accessDeniedCallbackItem:
		return nil, nil
	case windows.ACCESS_ALLOWED_ACE_TYPE:
		if entry.Mask&rights == 0 {
			return nil, nil
		}
		return (*windows.SID)(unsafe.Pointer(&entry.SidStart)), nil //nolint:gosec // the identifier begins there, winnt.h
	}
	return nil, fmt.Errorf("entry %d is of an unknown type, %d", at+1, entry.Header.AceType)
}

// trustees are us, and those whom no list keeps out.
func trustees() ([]*windows.SID, error) {
	us, err := ourselves()
	if err != nil {
		return nil, err
	}
	trusted := []*windows.SID{us}
	for _, known := range []windows.WELL_KNOWN_SID_TYPE{
		windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid, windows.WinCreatorOwnerRightsSid,
	} {
		sid, err := windows.CreateWellKnownSid(known)
		if err != nil {
			return nil, err
		}
		trusted = append(trusted, sid)
	}
	return trusted, nil
}

func contains(list []*windows.SID, sid *windows.SID) bool {
	for _, known := range list {
		if known.Equals(sid) {
			return true
		}
	}
	return false
}

// account is the name of a user or group, or its number where it has none.
func account(sid *windows.SID) string {
	name, domain, _, err := sid.LookupAccount("")
	if err != nil {
		return sid.String()
	}
	return domain + `\` + name
}

func exposed(path, reason string) error {
	return refuse(path, reason, `icacls "`+path+`" /inheritance:r /grant:r "%USERNAME%:F"`)
}
