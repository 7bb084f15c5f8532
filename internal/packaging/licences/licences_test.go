package licences

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

const top = "../../.."

// What latch is made of may be passed on by whoever has it, and every part comes with
// its text. Parts under a licence that is not on the list fail here.
func TestLicencesAreAllowed(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]func(dir string) ([]Module, error){"latch": Linked, "its tests": Tested} {
		modules, err := list(top)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range modules {
			t.Logf("%s %s %v", m.Path, m.Version, m.Licences)
			if len(m.Licences) == 0 {
				t.Errorf("%s: no licence of %s is known: look at its files", name, m.Path)
			}
			for _, id := range m.Licences {
				if !slices.Contains(Allowed(), id) {
					t.Errorf("%s: %s comes under %s, which is not allowed", name, m.Path, id)
				}
			}
		}
		if has := func(m Module) bool { return m.Path == "github.com/spf13/cobra" }; len(modules) < 20 || !slices.ContainsFunc(modules, has) {
			t.Errorf("%s: only %d modules were found", name, len(modules))
		}
	}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	const redistribution = "Redistribution and use in source and\n// binary forms, with or without\n * modification, are permitted provided that"
	for text, want := range map[string]string{
		"                                 Apache License\n                           Version 2.0, January 2004": "Apache-2.0",
		redistribution + " the following":                                                  "BSD-2-Clause",
		redistribution + " ... to endorse or promote products\nderived from this software": "BSD-3-Clause",
		"GNU AFFERO GENERAL PUBLIC LICENSE\n   Version 3, 19 November 2007":                "AGPL",
		"GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007":                           "GPL",
		"All rights reserved.": "",
		"Permission is hereby granted, free of charge, to any person obtaining a copy of this software\nLicensed under the Apache License, Version 2.0": "Apache-2.0 MIT",
	} {
		if got := strings.Join(Identify(text), " "); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// Every text is passed on, also of what is inside a module but from elsewhere.
func TestNotices(t *testing.T) {
	t.Parallel()
	modules, err := Tested(top)
	if err != nil {
		t.Fatal(err)
	}
	linked, err := Linked(top)
	if err != nil {
		t.Fatal(err)
	}
	modules = append(modules, linked...)
	var page bytes.Buffer
	if err := Notices(&page, modules); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"The Go standard library and runtime, LICENSE", "Copyright 2009 The Go Authors",
		"go.yaml.in/yaml/v3 ", ", NOTICE\n",
		"github.com/danieljoos/wincred ", // on Windows only
	} {
		if !strings.Contains(page.String(), part) {
			t.Errorf("the notices have no %s", part)
		}
	}
	nested := 0
	for _, m := range modules {
		for _, text := range m.Texts {
			nested += strings.Count(text.Name, "/")
			if !strings.Contains(page.String(), m.Path+" "+m.Version+", "+text.Name+"\n") && m.Path != "std" {
				t.Errorf("the notices have no %s of %s", text.Name, m.Path)
			}
		}
	}
	if nested == 0 {
		t.Error("no module has a part from elsewhere: this test would not see one")
	}
	if strings.Contains(page.String(), "/root/") || strings.Contains(page.String(), "pkg/mod") {
		t.Error("the notices name a folder of this machine")
	}
}
