// Package sbom writes what a program of Go is made of, from what the linker left in
// it, as a CycloneDX document.
package sbom

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// Program is what the file itself does not say of a program.
type Program struct {
	Version string
	// Made is when, as RFC 3339: the time of the commit, so that a second build has
	// the same document.
	Made string
	// Licences are those of its modules, by path, as SPDX expressions.
	Licences map[string]string
}

// Of reads a program's file and gives its document, the same for the same file.
func Of(path string, program Program) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	digest := sha256.Sum256(data)
	itself := component{
		Type: "application", Name: "latch", Version: program.Version,
		PURL:     packageURL(info.Main.Path, "v"+strings.TrimPrefix(program.Version, "v")),
		Licences: expression("Apache-2.0"),
		Hashes:   []hash{{"SHA-256", hex.EncodeToString(digest[:])}},
	}
	for _, setting := range info.Settings {
		itself.Properties = append(itself.Properties, property{"go:build:" + setting.Key, setting.Value})
	}
	itself.Ref = itself.PURL
	doc := document{
		Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata:   metadata{Timestamp: program.Made, Component: itself},
		Components: []component{std(info.GoVersion, program.Licences)},
	}
	for _, module := range info.Deps {
		doc.Components = append(doc.Components, library(module, program.Licences))
	}
	all := dependency{Ref: itself.Ref}
	for _, c := range doc.Components {
		all.On = append(all.On, c.Ref)
	}
	slices.Sort(all.On)
	doc.Dependencies = []dependency{all}
	doc.Serial = serial(digest)
	text, err := json.MarshalIndent(doc, "", "  ")
	return append(text, '\n'), err
}

// std is Go's own library. What the version may have in addition, such as
// experiments, no list of vulnerabilities knows.
func std(version string, licences map[string]string) component {
	number, _, _ := strings.Cut(strings.TrimPrefix(version, "go"), " ")
	c := component{Type: "library", Name: "std", Version: number, PURL: packageURL("std", number), Licences: expression(licences["std"])}
	c.Ref = c.PURL
	return c
}

func library(module *debug.Module, licences map[string]string) component {
	if module.Replace != nil {
		module = module.Replace
	}
	c := component{
		Type: "library", Name: module.Path, Version: module.Version,
		PURL: packageURL(module.Path, module.Version), Licences: expression(licences[module.Path]),
	}
	if module.Sum != "" {
		c.Properties = []property{{"go:sum", module.Sum}}
	}
	c.Ref = c.PURL
	return c
}

// packageURL names a module as scanners do.
func packageURL(path, version string) string {
	return "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
}

// serial makes the number of a document from its program, as a UUID of version 8.
func serial(digest [sha256.Size]byte) string {
	id := digest[:16]
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])
}
