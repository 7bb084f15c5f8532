package permissions

import (
	"fmt"
	"io"
	"strings"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// WriteConfig writes the set as the block of permissions of one user in the
// configuration of a NATS server, indented by so many steps. Every subject is
// quoted: a bare $JS would be a variable.
func (s Set) WriteConfig(w io.Writer, steps int) {
	indent := strings.Repeat("  ", steps)
	fmt.Fprintf(w, "%spermissions {\n", indent)
	for _, action := range []wasmcloud.Action{wasmcloud.Publish, wasmcloud.Subscribe} {
		s.writeRule(w, indent+"  ", action)
	}
	if s.Responds() {
		fmt.Fprintf(w, "%s  # %s\n", indent, s.why(wasmcloud.Respond))
		fmt.Fprintf(w, "%s  allow_responses { max: %d, expires: \"%s\" }\n", indent, AnswersPerQuestion, answerWithin())
	}
	fmt.Fprintf(w, "%s}\n", indent)
}

// writeRule writes what is allowed of one action, as Rights has it.
func (s Set) writeRule(w io.Writer, indent string, action wasmcloud.Action) {
	if len(s.Subjects(action)) == 0 {
		fmt.Fprintf(w, "%s%s { deny: [\">\"] }\n", indent, action)
		return
	}
	fmt.Fprintf(w, "%s%s {\n%s  allow: [\n", indent, action, indent)
	for _, g := range s {
		if g.Action == action {
			fmt.Fprintf(w, "%s    %q # %s\n", indent, g.Subject, g.Why())
		}
	}
	fmt.Fprintf(w, "%s  ]\n%s}\n", indent, indent)
}

// Why is what the grant is for, in one line.
func (g Grant) Why() string {
	why := strings.Join(g.Reasons, "; ")
	if g.Option != "" {
		why += " (" + string(g.Option) + ")"
	}
	return why
}

func (s Set) why(action wasmcloud.Action) string {
	for _, g := range s {
		if g.Action == action {
			return g.Why()
		}
	}
	return ""
}

// answerWithin is AnswerWithin as servers and nsc read it.
func answerWithin() string { return fmt.Sprintf("%dm", int(AnswerWithin.Minutes())) }

// NSCArguments are the set as arguments of nsc add user and nsc edit user.
func (s Set) NSCArguments() []string {
	var args []string
	for _, row := range []struct {
		action      wasmcloud.Action
		allow, deny string
	}{{wasmcloud.Publish, "--allow-pub", "--deny-pub"}, {wasmcloud.Subscribe, "--allow-sub", "--deny-sub"}} {
		if subjects := s.Subjects(row.action); len(subjects) > 0 {
			args = append(args, row.allow, strings.Join(subjects, ","))
		} else {
			args = append(args, row.deny, anyRest)
		}
	}
	if s.Responds() {
		args = append(args, "--allow-pub-response="+fmt.Sprint(AnswersPerQuestion), "--response-ttl", answerWithin())
	}
	return args
}
