package wasmcloud

import (
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// PublishedKey is a cluster key that stands in public documentation or test
// code. A seed is recognised by its public key: none is held here.
type PublishedKey struct {
	Repository string // where it stands, on its default branch or a release tag
	WithSeed   bool   // its seed stands there too, so that anyone can sign with it
}

// Published tells a cluster key that stands in public.
func Published(key keys.PublicKey) (PublishedKey, bool) {
	if key.Kind() != keys.Cluster {
		return PublishedKey{}, false
	}
	text := key.String()
	for _, row := range publishedKeys() {
		if row.key == text {
			return row.PublishedKey, true
		}
	}
	return PublishedKey{}, false
}

// RefusePublished refuses a key whose seed anybody can read.
func RefusePublished(key keys.PublicKey) error {
	published, known := Published(key)
	if !known || !published.WithSeed {
		return nil
	}
	return fault.New(fault.Refused, "the seed of %s is published in %s: anyone can sign with it", key, published.Repository).
		WithHint("make a key of your own: latch keys gen cluster --name NAME")
}

type publishedRow struct {
	key string
	PublishedKey
}

func publishedKeys() []publishedRow {
	const (
		host, docs, wadm    = "wasmCloud/wasmCloud", "wasmCloud/wasmcloud.com", "wasmCloud/wadm"
		withSeed, withoutIt = true, false
	)
	return []publishedRow{
		{"CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND", PublishedKey{host, withSeed}},
		{"CAT4QMKWIUTIX5ZBNOT2ICJHCSVVHGHLOHSXDSS5P2MIWRXHYHANTJZQ", PublishedKey{host, withoutIt}},
		{"CB4GF2MDEMYU7QEB4CSJ7NRQ7TVHBKMDRLIA72WTRCBUBVSDYBXAEZJ6", PublishedKey{"wasmCloud/nkeys", withSeed}},
		{"CB6S44L4Q5IIRD4BJGQXN5TJXF4YFJXD5DOYBZOYRJP5U2GEZFKXNGD4", PublishedKey{docs, withoutIt}},
		{"CBZZ6BLE7PIJNCEJMXOHAJ65KIXRVXDA74W6LUKXC4EPFHTJREXQCOYI", PublishedKey{host, withSeed}},
		{"CC5N7KO23PCE44EFGUAJCUA372OBVVWRHSYTKDXK4HBKHC3SPO7SPQSO", PublishedKey{"wasmCloud/examples", withSeed}},
		{"CCBXQOC5UR4IQRS74IQSPTKPI5I5KEAP3VXPE324GH5OLPBPRLJAXOKW", PublishedKey{docs, withSeed}},
		{"CCIIRZ73UL44VT7FFEVYKK442WPZ2TXUSFOCXX4LQNS3K7FKOCY6QEDS", PublishedKey{wadm, withSeed}},
		{"CCIL2EOKPUXASABNVKL4JEFWLDHNNYXPOVBWA6XFDBD3NDLUTYD6IKHJ", PublishedKey{host, withSeed}},
		{"CCKN5TESAQV2UUBNHLEHTZDNWXKDHWJTFDBTUSMPCTUB5UI47FNV4NZK", PublishedKey{wadm, withoutIt}},
		{"CCXINK3I7OT7RI3SGGAWMASTCDUPMXFO2ATTGFW7VOH6TS3BHBO76I76", PublishedKey{host, withSeed}},
		{"CD263EGQIG4DKCZAYV6ZMDAX3LOV4PKEGNCZF2THIYONC7W4CAXELVZZ", PublishedKey{docs, withSeed}},
		{"CDCCCTSNYF7RV4HAODDDAUMH2RLUXSKU6NJNBXMEKUJWAPTD5AUH5GGB", PublishedKey{wadm, withoutIt}},
		{"CDFLNE6XRCTY7LWJT54G6O7K5ZGBDJ3JVGEMGAZOH2TPS4KR4H2JTTAP", PublishedKey{docs, withoutIt}},
		{"CDKF6OKPOBQKAX57UOXO7SCHURTOZWKWIVPC2HFJTGFXY5VJX44ECEHH", PublishedKey{"wasmCloud/wasmcloud-operator", withoutIt}},
		{"CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD", PublishedKey{docs, withSeed}},
	}
}
