package env

import "testing"

// oneProgram is a program that reads files of a dialect.
type oneProgram struct {
	dialect, name string
	read          program
}

// programs are real readers of env files, by the dialect that is theirs.
func programs() []oneProgram {
	const parseJSON = "text => JSON.parse(text || '{}')"
	return []oneProgram{
		{"dotenv", "sh", sourcedBy("sh", false)},
		{"dotenv", "bash", sourcedBy("bash", false)},
		{"dotenv", "dash", sourcedBy("dash", false)},
		{"dotenv", "zsh", sourcedBy("zsh", false)},
		{"dotenv", "ksh", sourcedBy("ksh93", false)},
		{"dotenv", "mksh", sourcedBy("mksh", false)},
		{"dotenv", "yash", sourcedBy("yash", false)},
		{"dotenv", "busybox", sourcedBy("busybox", false)},
		{"dotenv", "direnv", asDotenvOfDirenv},
		{"dotenv", "docker", readByDocker},
		{"dotenv", "kubectl", readByKubectl},
		{"dotenv", "gotenv", readByGotenv},
		{"dotenv", "OTP host", inGo(readAsOTP)},
		{"dotenv", "strict", inGo(readStrictly)},
		{"dotenv", "compose", readByCompose},
		{"dotenv", "node", parsedByNode("util.parseEnv")},
		{"dotenv", "python-dotenv", parsedByPython},
		{"dotenv", "ruby dotenv", parsedByRuby},
		{"dotenv", "environment.d of systemd", environmentD}, // unlike a manager it needs no privilege
		{"dotenv", "systemd", environmentFile},
		{"sh", "sh", sourcedBy("sh", true)},
		{"sh", "bash", sourcedBy("bash", true)},
		{"sh", "dash", sourcedBy("dash", true)},
		{"sh", "zsh", sourcedBy("zsh", true)},
		{"sh", "ksh", sourcedBy("ksh93", true)},
		{"sh", "mksh", sourcedBy("mksh", true)},
		{"sh", "yash", sourcedBy("yash", true)},
		{"sh", "busybox", sourcedBy("busybox", true)},
		{"sh", "direnv", asEnvrc},
		{"fish", "fish", sourcedByFish},
		{"systemd", "systemd", environmentFile},
		{"docker", "docker", readByDocker},
		{"json", "node", parsedByNode(parseJSON)},
	}
}

// TestProgramsReadIt has each program read what Write made. Managers of systemd
// run one at a time, since they share the control groups of this process.
func TestProgramsReadIt(t *testing.T) {
	t.Parallel()
	for _, p := range programs() {
		t.Run(p.dialect+"/"+p.name, func(t *testing.T) {
			if p.name != "systemd" {
				t.Parallel()
			}
			agree(t, dialect(p.dialect), p.read)
		})
	}
}

// TestEveryDialectHasAReader: a dialect is written for somebody, and a golden file
// alone would keep wrong quoting as it keeps right quoting.
func TestEveryDialectHasAReader(t *testing.T) {
	t.Parallel()
	read := map[string]int{"systemd-credentials": 1} // by systemd, in TestSystemdCredentials
	for _, p := range programs() {
		read[p.dialect]++
	}
	for _, r := range readBacks() {
		read[r.dialect.Name()] += len(r.readers(web1(t, "otp")))
	}
	for _, d := range Dialects() {
		if read[d.Name()] == 0 {
			t.Errorf("nobody reads %s back: add a program to programs, or a reader to readBacks", d.Name())
		}
	}
}
