// Command bare makes one key and nothing else: the limit that start-up is
// measured against.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
)

func main() {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		os.Exit(1)
	}
	fmt.Printf("%x\n%x\n", public, private.Seed())
}
