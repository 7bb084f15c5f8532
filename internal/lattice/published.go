package lattice

import "github.com/latch-keys/latch/internal/keys"

// Published tells a cluster key whose seed stands in public documentation or
// test code, so that anyone can sign with it, and says where it stands.
func Published(key keys.PublicKey) (where string, ok bool) {
	switch key.String() {
	case "CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD":
		return "the wasmCloud docs on lattice provisioning", true
	case "CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND":
		return "the tests of the wasmCloud host", true
	case "CD263EGQIG4DKCZAYV6ZMDAX3LOV4PKEGNCZF2THIYONC7W4CAXELVZZ":
		return "the wasmCloud docs", true
	case "CBZZ6BLE7PIJNCEJMXOHAJ65KIXRVXDA74W6LUKXC4EPFHTJREXQCOYI":
		return "the tests of wash", true
	}
	return "", false
}
