// Command bare makes one key and nothing else: the limit that start-up is
// measured against.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"os"
)

func main() {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	_, _ = os.Stdout.WriteString(hex.EncodeToString(public) + "\n" + hex.EncodeToString(private.Seed()) + "\n")
}
