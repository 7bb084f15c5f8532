package keys

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
)

// The seed of wasmCloud's tests, and what hosts were seen to do with damaged
// copies of it. Source: hosts 0.82.0 and 0.78.0.
const (
	testsSeed   = "SCAIYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2JA"
	testsPublic = "CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND"

	mistyped       = "SCAIYCZTW775GJYX3MVWAURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2JA" // character 21
	mistypedPublic = "CCERRU4PUIW7NXKDMMNRQNDRCMKTAEP4HEKM4WI2HLLUKC3PA7TOMF3R"
	spoilt         = "SCAIYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLQAAA" // the checksum alone
	spareBits      = "SCAYYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLWGYU"
)

// TestDiagnoseSaysWhatHostsDo: none checks a checksum.
func TestDiagnoseSaysWhatHostsDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		code Code
		host string
	}{
		"mistyped":      {mistyped, CodeChecksum, mistypedPublic},
		"spoilt":        {spoilt, CodeChecksum, testsPublic},
		"spare bits":    {spareBits, CodeSpareBits, testsPublic},
		"not canonical": {testsSeed[:57] + "B", CodeCanonical, ""},
		"cut":           {testsSeed[:56], CodeTooShort, ""},
		"line end":      {testsSeed + "\n", CodeLineEnd, ""},
	} {
		d := Diagnose(c.text, Want{Kind: Cluster, Role: RoleSeed})
		if d.Valid() || d.Problem.Code != c.code || d.HostKey.String() != c.host {
			t.Errorf("%s: %v, hosts read %s", name, d.Problem, d.HostKey)
			continue
		}
		if said := strings.Contains(d.Problem.Hint(), "signs as "+c.host); said != (c.host != "") {
			t.Errorf("%s: the hint says %q", name, d.Problem.Hint())
		}
	}
}

// TestKindsThatHostsDoNotKnow: an OTP host takes them for an operator's.
func TestKindsThatHostsDoNotKnow(t *testing.T) {
	t.Parallel()
	curve, err := Generate(Curve, bytes.NewReader(bytes.Repeat([]byte{5}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	d := Diagnose(curve.Reveal(), Want{Kind: Cluster})
	operator := seedOf(&curve.open().raw, derive(Operator, &curve.open().raw))
	if d.Valid() || d.Problem.Code != CodeKind || d.HostKey != operator.PublicKey() {
		t.Errorf("a curve seed: %v, hosts read %s", d.Problem, d.HostKey)
	}
	unknown := append([]byte("SB"), testsSeed[2:]...)
	if d := Diagnose(unknown, Want{}); d.HostKey.Kind() != Operator || d.Problem.Code != CodePrefix {
		t.Errorf("SB: %v, hosts read %s", d.Problem, d.HostKey)
	}
}

func TestRespell(t *testing.T) {
	t.Parallel()
	for _, text := range []string{spoilt, spareBits, testsSeed} {
		seed, ok := Respell([]byte(text))
		if !ok || string(seed.Reveal()) != testsSeed || seed.PublicKey().String() != testsPublic {
			t.Errorf("%v, %v", seed, ok)
		}
	}
	curve, err := Generate(Curve, bytes.NewReader(bytes.Repeat([]byte{5}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"short": testsSeed[:57], "unknown kind": "SB" + testsSeed[2:], "not canonical": testsSeed[:57] + "B",
		"public key": testsPublic, "curve": string(curve.Reveal()), "lower case": strings.ToLower(testsSeed), "": "",
	} {
		if seed, ok := Respell([]byte(text)); ok {
			t.Errorf("%s: gives %v", name, seed)
		}
	}
}

// TestSeedsLessTheirLastCharacter are judged in full: 13 of the 16 bits of the
// checksum are there.
func TestSeedsLessTheirLastCharacter(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	for n := range 300 {
		kind := Kinds()[n%len(Kinds())]
		var raw [32]byte
		for i := range raw {
			raw[i] = byte(random.Uint32())
		}
		whole := newSeed(kind, &raw)
		text := whole.Reveal()[:SeedLength-1]
		d := Diagnose(text, Want{})
		if d.Valid() || d.Problem.Code != CodeIncomplete || !d.Completes || d.Kind != kind || d.PublicKey != whole.PublicKey() || d.Length != 57 || !d.HostKey.IsZero() {
			t.Fatalf("%s: %+v", kind, d)
		}
		seed, ok := Complete(text)
		if !ok || string(seed.Reveal()) != string(whole.Reveal()) {
			t.Fatalf("%s: completed to %v", kind, seed)
		}
		for i := range text { // whichever is damaged, it is no longer that
			was := text[i]
			text[i] = alphabet[(values[was]+1+byte(n%30))%32]
			if _, ok := Complete(text); ok && checksum16(text) != 0 {
				t.Fatalf("%s: completes though character %d is wrong", kind, i+1)
			}
			text[i] = was
		}
	}
	for _, text := range []string{testsSeed, testsSeed[1:], testsSeed[:56], testsPublic + "A", testsSeed[:56] + "1", ""} {
		if _, ok := Complete([]byte(text)); ok {
			t.Errorf("%d characters were completed", len(text))
		}
	}
}

// checksum16 is by how much the 13 bits of the checksum differ that 57
// characters hold, bit by bit as the standard reads.
func checksum16(text []byte) int {
	bits := make([]byte, 0, 285)
	for _, c := range text {
		for b := 4; b >= 0; b-- {
			bits = append(bits, values[c]>>b&1)
		}
	}
	var body [34]byte
	for i := range body {
		for b := range 8 {
			body[i] = body[i]<<1 | bits[8*i+b]
		}
	}
	crc := 0
	for _, b := range body {
		crc ^= int(b) << 8
		for range 8 {
			if crc <<= 1; crc&0x10000 != 0 {
				crc ^= 0x11021
			}
		}
	}
	differ := 0
	little := crc&0xff<<8 | crc>>8
	for i := range 13 {
		differ += int(bits[272+i]) ^ little>>(15-i)&1
	}
	return differ
}

// stumbling searches for a sound seed and a sound public key that every host
// refuses. One of each was tried with nkeys 0.3.2: "Checksum match failure:
// Checksum mismatch".
func stumbling(t *testing.T) (Seed, PublicKey) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 9))
	var seed Seed
	for {
		var raw [32]byte
		for i := range raw {
			raw[i] = byte(random.Uint32())
		}
		candidate := seedOf(&raw, PublicKey{kind: Cluster})
		var whole [seedRawLength]byte
		if candidate.fill(&whole); seed.IsZero() && stumbles(whole[:]) {
			seed = newSeed(Cluster, &raw)
		}
		public := PublicKey{kind: Cluster, raw: raw}
		if !public.acceptable() && public.sound() == nil && !seed.IsZero() {
			return seed, public
		}
	}
}

func TestKeysThatHostsStumbleOver(t *testing.T) {
	t.Parallel()
	seed, public := stumbling(t)
	for _, text := range []string{string(seed.Reveal()), public.String()} {
		if d := Diagnose(text, Want{}); d.Valid() || d.Problem.Code != CodeHostFault || !d.HostKey.IsZero() {
			t.Errorf("%s: %v", d.Role, d.Problem)
		}
	}
	if _, err := ParseSeed(seed.Reveal(), Cluster); err != nil {
		t.Errorf("a store that holds one cannot give it: %v", err)
	}
}

// TestGenerateMakesNoneThatHostsStumbleOver, alone, among many, and with a text to
// search for.
func TestGenerateMakesNoneThatHostsStumbleOver(t *testing.T) {
	t.Parallel()
	bad, _ := stumbling(t)
	good := bytes.Repeat([]byte{9}, 32)
	random := append(bytes.Clone(bad.open().raw[:]), good...)
	seed, err := Generate(Cluster, bytes.NewReader(random))
	if err != nil || !bytes.Equal(seed.open().raw[:], good) {
		t.Errorf("alone: %v, %v", seed, err)
	}
	random = append(bytes.Clone(good), append(random, good...)...)
	var made []PublicKey
	err = GenerateMany(context.Background(), Cluster, 3, 1, bytes.NewReader(random), func(s Seed) error {
		made = append(made, s.PublicKey())
		return nil
	})
	if err != nil || len(made) != 3 || made[0] != seed.PublicKey() || made[1] != made[0] || made[2] != made[0] {
		t.Errorf("many: %v, %v", made, err)
	}
	vanity, err := ParseVanity(Cluster, bad.PublicKey().String()[1:2])
	if err != nil {
		t.Fatal(err)
	}
	var tried atomic.Uint64
	found, err := vanity.Search(t.Context(), 1, io.MultiReader(bytes.NewReader(bad.open().raw[:]), rand.NewChaCha8([32]byte{})), &tried)
	if err != nil || found.PublicKey() == bad.PublicKey() || !found.acceptable() {
		t.Errorf("vanity: %v, %v", found, err)
	}
}
