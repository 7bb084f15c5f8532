package agefile_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

const (
	ageKey = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN"
)

func TestListKeepsWhatItDoesNotChange(t *testing.T) {
	t.Parallel()
	text := "# the team\n\n" + ageKey + "\n# and bob\n" + sshKey + " bob@example.org\n"
	list, err := agefile.ParseList([]byte(text))
	if err != nil || string(list.Bytes()) != text || len(list.Recipients()) != 2 {
		t.Fatalf("%q, %v", list.Bytes(), err)
	}
	carol := newPerson(t)
	longer, added := list.With(carol.Recipient)
	if !added || string(longer.Bytes()) != text+carol.Text+"\n" {
		t.Fatalf("%q", longer.Bytes())
	}
	if same, added := longer.With(carol.Recipient); added || !bytes.Equal(same.Bytes(), longer.Bytes()) {
		t.Fatalf("%q", same.Bytes())
	}
	for _, which := range []string{"bob@example.org", sshKey, sshKey + " another comment"} {
		shorter, gone, err := longer.Without(which)
		if err != nil || gone.Comment != "bob@example.org" || strings.Contains(string(shorter.Bytes()), "bob@") || len(shorter.Recipients()) != 2 {
			t.Fatalf("%s: %q, %v", which, shorter.Bytes(), err)
		}
	}
	if string(list.Bytes()) != text {
		t.Fatal("the list itself was changed")
	}
	for _, which := range []string{"nobody", "", carol.Text[:20]} {
		if _, _, err := list.Without(which); !errors.Is(err, agefile.ErrNoRecipient) {
			t.Errorf("%q: %v", which, err)
		}
	}
	twins, err := agefile.ParseList([]byte(sshKey + " me\n" + sshPublicOf(t) + " me\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := twins.Without("me"); err == nil || errors.Is(err, agefile.ErrNoRecipient) {
		t.Errorf("two have the comment: %v", err)
	}
}

func TestEmptyListTakesRecipients(t *testing.T) {
	t.Parallel()
	var empty agefile.List
	r, err := agefile.ParseRecipient(ageKey)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := agefile.ParseList(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []agefile.List{empty, parsed} {
		if list, _ := list.With(r); string(list.Bytes()) != ageKey+"\n" {
			t.Errorf("%q", list.Bytes())
		}
	}
}

// What is no recipient is refused, by its line, and never repeated.
func TestNoRecipients(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"hunter2", "age1hunter2", "age1pq1hunter2", "ssh-ed25519", "ssh-ed25519 hunter2", "ssh-rsa AAAAhunter2", "ssh-dss AAAAhunter2",
		"AGE-SECRET-KEY-1HUNTER2", "-----BEGIN OPENSSH PRIVATE KEY-----hunter2", "AGE-PLUGIN-HUNTER2", ageKey + "x", ageKey[:40], strings.ToUpper(ageKey) + "hunter2",
	} {
		_, err := agefile.ParseRecipient(text)
		if !fault.Is(err, fault.Usage) || strings.Contains(strings.ToLower(err.Error()), "hunter2") {
			t.Errorf("%s: %v", text, err)
		}
		_, err = agefile.ParseList([]byte("# one\n" + text + "\n"))
		if !fault.Is(err, fault.Usage) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := agefile.ParseList([]byte(ageKey + "\n" + ageKey + "\n")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("twice: %v", err)
	}
}

// What people give by mistake is told by its name.
func TestWhatIsNoRecipientIsNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"AGE-SECRET-KEY-1HUNTER2":                         "secret half",
		"AGE-PLUGIN-YUBIKEY-1HUNTER2":                     "secret half",
		"-----BEGIN OPENSSH PRIVATE KEY-----":             "secret half",
		"-----BEGIN RSA PRIVATE KEY-----":                 "secret half",
		"-----BEGIN AGE ENCRYPTED FILE-----":              "an encrypted file",
		"-----BEGIN PUBLIC KEY-----":                      "it starts neither",
		"CAJI7D5YKA32VIHYMG2VS57VUOBYH6YYKU72V3UE7QNKOD7": "it starts neither",
	} {
		if _, err := agefile.ParseRecipient(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// What parses is written as it was, and reads the same again.
func FuzzList(f *testing.F) {
	f.Add("# the team\n\n" + ageKey + "\n" + sshKey + " bob\n")
	f.Add(ageKey)
	f.Add("\n\n")
	f.Add("\r\r")
	f.Add(sshKey + " a\r\n" + ageKey + "\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := agefile.ParseList([]byte(text))
		if err != nil {
			return
		}
		again, err := agefile.ParseList(list.Bytes())
		if err != nil || !bytes.Equal(again.Bytes(), list.Bytes()) || len(again.Recipients()) != len(list.Recipients()) {
			t.Fatalf("%q became %q, %v", text, list.Bytes(), err)
		}
		if want := strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"); !strings.Contains(text, "\r") && strings.TrimSuffix(string(list.Bytes()), "\n") != want {
			t.Fatalf("%q became %q", text, list.Bytes())
		}
		for _, r := range list.Recipients() {
			if _, _, err := list.Without(r.Text); err != nil {
				t.Fatalf("%q cannot be removed: %v", r.Text, err)
			}
		}
	})
}

// Whatever is in a file, looking at it neither panics nor repeats a seed.
func FuzzOpeners(f *testing.F) {
	f.Add([]byte("age-encryption.org/v1\n-> X25519 abc\n"))
	f.Add([]byte("-----BEGIN AGE ENCRYPTED FILE-----\n"))
	f.Add([]byte("SCATHISISASECRETTHISISASECRET"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, _, err := agefile.Openers(data)
		if err != nil && (!errors.Is(err, agefile.ErrDamaged) || n != 0) {
			t.Fatal(n, err)
		}
	})
}
