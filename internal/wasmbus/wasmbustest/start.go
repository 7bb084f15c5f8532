package wasmbustest

import (
	"cmp"
	"crypto/ed25519"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nats-io/nkeys"
)

// Boot starts a host of a version with an environment, as that version does: a seed
// that is missing becomes a key that the host makes up, and its own key is added to
// the issuers. Rust hosts exit where the seed is wrong.
func Boot(name, version string, environ map[string]string, random io.Reader) (Host, error) {
	r, err := parseRelease(version)
	if err != nil {
		return Host{}, err
	}
	h := Host{
		Name: name, Version: version, Topic: environ["WASMCLOUD_CTL_TOPIC_PREFIX"], Labels: labels(r, environ),
		Lattice: cmp.Or(environ["WASMCLOUD_LATTICE"], environ["WASMCLOUD_LATTICE_PREFIX"], "default"),
		Server:  cmp.Or(environ["WASMCLOUD_CTL_HOST"], "127.0.0.1") + ":" + cmp.Or(environ["WASMCLOUD_CTL_PORT"], "4222"),
	}
	if h.Key, _, err = keyOf(environ["WASMCLOUD_HOST_SEED"], nkeys.PrefixByteServer, false, random); err != nil {
		return h, fmt.Errorf("%s exits: its host seed is wrong", name)
	}
	own, made, err := keyOf(environ["WASMCLOUD_CLUSTER_SEED"], nkeys.PrefixByteCluster, r.isOTP(), random)
	if err != nil {
		if !r.isOTP() {
			return h, fmt.Errorf("%s exits: its cluster seed is wrong", name)
		}
		if own, made, err = keyOf("", nkeys.PrefixByteCluster, true, random); err != nil {
			return h, err
		}
	}
	h.Signs, h.Accepts = own, accepted(r, own, made, environ)
	h.Nick = nick(h.Key)
	return h, nil
}

// keyOf is the public key of a seed, or of one that is made up where there is none.
// As hosts do, it looks at everything but the checksum.
func keyOf(seed string, kind nkeys.PrefixByte, anyKind bool, random io.Reader) (public string, made bool, err error) {
	raw := make([]byte, ed25519.SeedSize)
	if seed == "" {
		if _, err := io.ReadFull(random, raw); err != nil {
			return "", true, err
		}
		public, err = publicKey(kind, raw)
		return public, true, err
	}
	decoded, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(seed)
	if err != nil || len(decoded) != 2+ed25519.SeedSize+2 || decoded[0]&0xf8 != byte(nkeys.PrefixByteSeed) {
		return "", false, errors.New("no seed")
	}
	found := nkeys.PrefixByte(decoded[0]&7<<5 | decoded[1]&0xf8>>3)
	if found != kind && !anyKind {
		return "", false, errors.New("a seed of another kind")
	}
	public, err = publicKey(found, decoded[2:2+ed25519.SeedSize])
	return public, false, err
}

func publicKey(kind nkeys.PrefixByte, seed []byte) (string, error) {
	public, ok := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	if !ok {
		return "", errors.New("no public key")
	}
	text, err := nkeys.Encode(kind, public)
	return string(text), err
}

// accepted is the list of issuers with the host's own key. An OTP host that makes a
// key up accepts nothing else; in a Rust host an empty list leaves an empty entry.
func accepted(r release, own string, made bool, environ map[string]string) string {
	issuers, set := environ["WASMCLOUD_CLUSTER_ISSUERS"]
	switch {
	case !set, r.isOTP() && (made || issuers == ""):
		return own
	case strings.Contains(","+issuers+",", ","+own+","):
		return issuers
	case r.isOTP():
		return own + "," + issuers
	}
	return issuers + "," + own
}

// labels are those that the environment gives. OTP hosts lower the case of their
// names.
func labels(r release, environ map[string]string) map[string]string {
	found := map[string]string{}
	for name, value := range environ {
		if label, ok := strings.CutPrefix(name, "HOST_"); ok && !r.since(80, 0) {
			if r.isOTP() {
				label = strings.ToLower(label)
			}
			found[label] = value
		}
		if label, ok := strings.CutPrefix(name, "WASMCLOUD_LABEL_"); ok && r.since(79, 1) {
			found[label] = value
		}
	}
	return found
}

// nick is a friendly name, which each host makes up at its start.
func nick(key string) string {
	first := []string{"autumn", "crimson", "long", "purple", "snowy", "white", "wispy", "young"}
	second := []string{"field", "glitter", "hamster", "mountain", "river", "robot", "snow", "wave"}
	sum := 0
	for _, c := range key {
		sum = (sum*31 + int(c)) % 640000
	}
	return fmt.Sprintf("%s-%s-%04d", first[sum%8], second[sum/8%8], sum/64)
}

// ReadEnv reads an env file that latch wrote: lines of NAME=VALUE without quotes.
func ReadEnv(text string) map[string]string {
	environ := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if name, value, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			environ[name] = value
		}
	}
	return environ
}
