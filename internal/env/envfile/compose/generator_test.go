package compose_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
)

// generator makes a project of files.
type generator struct {
	*rand.Rand
	files map[string]string
	main  []string
}

func (g *generator) String() string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(g.files)) {
		fmt.Fprintf(&out, "-- %s --\n%s", name, g.files[name])
	}
	return out.String()
}

func (g *generator) one(of ...string) string { return of[g.IntN(len(of))] }

func (g *generator) maybe(percent int) bool { return g.IntN(100) < percent }

func (g *generator) project() {
	g.main = []string{"compose.yaml"}
	for _, name := range []string{"a.env", "b.env", "sub/a.env", "sub/c.env"} {
		g.files[name] = g.dotenv(5)
	}
	if g.maybe(70) {
		g.files[".env"] = g.dotenv(4)
	}
	if g.maybe(40) {
		g.files["sub/.env"] = g.dotenv(3)
	}
	g.files["base.yaml"] = g.file("base.yaml", 1)
	g.files["sub/base.yaml"] = g.file("sub/base.yaml", 1)
	g.files["sub/inc.yaml"] = g.file("sub/inc.yaml", 2)
	g.files["inc.yaml"] = g.file("inc.yaml", 2)
	g.files["compose.yaml"] = g.file("compose.yaml", 3)
	if g.maybe(40) {
		g.files["compose.override.yaml"] = g.file("compose.override.yaml", 3)
		g.main = append(g.main, "compose.override.yaml")
	}
	if g.maybe(10) {
		g.files["compose.yaml"] += "---\n" + g.file("compose.yaml", 3)
	}
}

// rank says who may name whom, so that most projects have no circle.
func (g *generator) file(name string, rank int) string {
	var out strings.Builder
	if rank > 1 && g.maybe(30) {
		out.WriteString("include:\n")
		for _, other := range []string{"sub/inc.yaml", "inc.yaml"} {
			if other == name && !g.maybe(2) || rank == 2 && other == "inc.yaml" && !g.maybe(5) || g.maybe(50) {
				continue
			}
			at := g.from(name, other)
			switch {
			case rank == 3 && g.maybe(20):
				fmt.Fprintf(&out, "  - {path: %s, env_file: %s}\n", at, g.one("a.env", "[a.env, b.env]"))
			case rank == 3 && g.maybe(15):
				fmt.Fprintf(&out, "  - {path: %s, project_directory: sub}\n", at)
			case rank == 3 && g.maybe(10):
				fmt.Fprintf(&out, "  - path: [%s, base.yaml]\n", at)
			default:
				fmt.Fprintf(&out, "  - %s\n", at)
			}
		}
		if strings.HasSuffix(out.String(), "include:\n") {
			out.Reset()
		}
	}
	out.WriteString("services:\n")
	names := []string{"w1", "w2", "w3"}
	for i, service := range names {
		if i > 0 && g.maybe(40) {
			continue
		}
		tagged := g.maybe(3)
		if tagged {
			fmt.Fprintf(&out, "  %s: !override\n", service)
		} else {
			fmt.Fprintf(&out, "  %s:\n", service)
		}
		out.WriteString("    image: h\n")
		if g.maybe(30) {
			g.extends(&out, name, rank, i)
		}
		g.environment(&out, tagged)
		g.envFiles(&out, name)
		if g.maybe(5) {
			out.WriteString("    profiles: [debug]\n")
		}
	}
	return out.String()
}

func (g *generator) from(name, other string) string {
	if path.Dir(name) == "sub" {
		return "../" + other
	}
	return g.one(other, "./"+other)
}

func (g *generator) extends(out *strings.Builder, name string, rank, i int) {
	if rank > 1 && g.maybe(60) {
		fmt.Fprintf(out, "    extends: {file: %s, service: %s}\n", g.from(name, g.one("base.yaml", "sub/base.yaml")), g.one("w1", "w1", "w2"))
		return
	}
	if i > 0 || g.maybe(5) {
		fmt.Fprintf(out, "    extends: %s\n", g.one("w1", "{service: w1}"))
	}
}

func (g *generator) value() string {
	return g.one("x", "y1", `"q z"`, "'s'", "12", "true", "1.50", "0x10", "1e3", `"${A}"`, `"${B:-d}"`, `"$$A"`, `"${C-$D}x"`, `"${E:+e}"`, `""`, "null", `"a${X1}b"`, "yes", "~", `"$"`)
}

func (g *generator) environment(out *strings.Builder, tagged bool) {
	if g.maybe(25) {
		return
	}
	tag := ""
	if g.maybe(5) && !tagged {
		tag = g.one(" !override", " !reset")
	}
	names := []string{"A", "B", "C", "D", "E", "F"}
	g.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	fmt.Fprintf(out, "    environment:%s\n", tag)
	list := g.maybe(40)
	for _, name := range names[:1+g.IntN(4)] {
		switch {
		case list && g.maybe(20):
			fmt.Fprintf(out, "      - %s\n", name)
		case list:
			fmt.Fprintf(out, "      - %s=%s\n", name, strings.NewReplacer(`"`, "", "null", "n").Replace(g.value()))
		case tag == "" && !tagged && g.maybe(3):
			fmt.Fprintf(out, "      %s: !reset null\n", name)
		default:
			fmt.Fprintf(out, "      %s: %s\n", name, g.value())
		}
	}
}

func (g *generator) envFiles(out *strings.Builder, name string) {
	if g.maybe(50) {
		return
	}
	file := func() string {
		if path.Dir(name) == "sub" {
			return g.one("a.env", "c.env", "../a.env")
		}
		return g.one("a.env", "b.env", "./a.env", "sub/a.env", "sub/c.env")
	}
	switch g.IntN(5) {
	case 0:
		fmt.Fprintf(out, "    env_file: %s\n", file())
	case 1:
		fmt.Fprintf(out, "    env_file: [%s, %s]\n", file(), file())
	case 2:
		fmt.Fprintf(out, "    env_file:\n      - path: %s\n        format: raw\n      - %s\n", file(), file())
	case 3:
		fmt.Fprintf(out, "    env_file: [{path: gone.env, required: %s}]\n", g.one("false", "false", "false", "true"))
	default:
		fmt.Fprintf(out, "    env_file: \"${DIR:-.}/%s\"\n", file())
	}
}

func (g *generator) dotenv(n int) string {
	var out strings.Builder
	for range 1 + g.IntN(n) {
		name := g.one("A", "B", "C", "D", "E", "F", "G")
		switch g.IntN(12) {
		case 0:
			fmt.Fprintf(&out, "%s\n", name)
		case 1:
			fmt.Fprintf(&out, "%s: v\n", name)
		case 2:
			fmt.Fprintf(&out, "%s=\"$%s\"\n", name, g.one("A", "B", "C"))
		case 3:
			fmt.Fprintf(&out, "%s='$A' # c\n", name)
		case 4:
			fmt.Fprintf(&out, "export %s=${B:-z}\n", name)
		case 5:
			fmt.Fprintf(&out, "%s=\n", name)
		default:
			fmt.Fprintf(&out, "%s=%s\n", name, g.one("1", "two", "t h", "x=y", `"a\nb"`))
		}
	}
	return out.String()
}
