package licences

import (
	"slices"
	"strings"
)

// mark is a sentence by which a licence is known.
type mark struct{ id, sentence string }

func marks() []mark {
	return []mark{
		{"Apache-2.0", "Apache License Version 2.0, January 2004"},
		{"Apache-2.0", "Licensed under the Apache License, Version 2.0"},
		{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"},
		{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted"},
		{"ISC", "Permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted"},
		{"MPL-2.0", "Mozilla Public License Version 2.0"},
		{"MPL-2.0", "Mozilla Public License, version 2.0"},
		{"Unlicense", "This is free and unencumbered software released into the public domain"},
		{"CC0-1.0", "CC0 1.0 Universal"},
		{"Zlib", "This software is provided 'as-is', without any express or implied warranty"},
		{"EPL", "Eclipse Public License"},
		{"LGPL", "GNU LESSER GENERAL PUBLIC LICENSE Version"},
		{"AGPL", "GNU AFFERO GENERAL PUBLIC LICENSE Version"},
		{"GPL", "GNU GENERAL PUBLIC LICENSE Version"},
		{"BUSL-1.1", "Business Source License"},
	}
}

// Identify names the licences whose words stand in a text, by their SPDX
// identifiers where they have one; none if it knows no words of it.
func Identify(text string) []string {
	text = strings.Join(strings.Fields(strings.NewReplacer("*", " ", "//", " ", "#", " ", ">", " ").Replace(text)), " ")
	var found []string
	for _, m := range marks() {
		if strings.Contains(text, m.sentence) {
			found = append(found, m.id)
		}
	}
	if strings.Contains(text, "Redistribution and use in source and binary forms, with or without modification, are permitted") {
		found = append(found, bsd(text))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// bsd tells the two apart by the sentence that only one has.
func bsd(text string) string {
	if strings.Contains(text, "to endorse or promote products derived from this software") {
		return "BSD-3-Clause"
	}
	return "BSD-2-Clause"
}

// Allowed are the licences under which a part of latch may come: whoever passes latch
// on needs to do no more than pass the notices on, and for MPL-2.0 to say where the
// unchanged source lies.
func Allowed() []string {
	return []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0"}
}
