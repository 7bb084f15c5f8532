package invocation_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/keys"
)

// The published constants of wasmCloud's own tests:
// wasmCloud/wasmCloud v0.81.0 crates/host/src/wasmbus/mod.rs.
const (
	publishedSeed     = "SCAIYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2JA"
	publishedHost     = "NAGASFIHF5SBGTNTZUOVWT3O63SJUMIFUL7BH52T3UAFKQW7PPP46KFU"
	publishedActor    = "MDNX3CB6VBXG55GOJ6UYON7AMK6SLYPB6GLPRZGTEE6625EFLJDQKWWR"
	publishedProvider = "VC3IJSRK3KIJUD5PQIEU2UNWT4PQCRYTAXFC4PDLTCMDX7L77YRUGCXW"
)

// vectorA is the token that any correct implementation makes of sample's claims.
const vectorA = "eyJ0eXAiOiJqd3QiLCJhbGciOiJFZDI1NTE5In0.eyJqdGkiOiJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIiwiaWF0IjoxNzAwMDAwMDAwLCJpc3MiOiJDQVFRSFlBQlhCUERCWklHRFpJVDdFNzNIVzY2UlBDRkMzR0dMUUtTRERUVldVVk9ZWkJZSFVORCIsInN1YiI6IjAxOGJjZmU1LTY4MDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMSIsIndhc2NhcCI6eyJ0YXJnZXRfdXJsIjoid2FzbWJ1czovL3dhc21jbG91ZC90ZXN0b3BlcmF0aW9uL2RlZmF1bHQvVkMzSUpTUkszS0lKVUQ1UFFJRVUyVU5XVDRQUUNSWVRBWEZDNFBETFRDTURYN0w3N1lSVUdDWFcvVGVzdE9wZXJhdGlvbi5IYW5kbGVUZXN0Iiwib3JpZ2luX3VybCI6Indhc21idXM6Ly9NRE5YM0NCNlZCWEc1NUdPSjZVWU9ON0FNSzZTTFlQQjZHTFBSWkdURUU2NjI1RUZMSkRRS1dXUiIsImhhc2giOiI0RDg2QTVBOTNEQ0FDNDkzODYzMjQxRjc0NjQ3NEE2RTRFN0VGNzgwMDVBMUZCNkQ3QkFEMzJFRTMwMjFDRjFEIn0sIndhc2NhcF9yZXZpc2lvbiI6M30.Wo23yYRnj-euFs_5nl51MXLFtYDfPA7XCbViwzRO_W4Ap3HwHbgwi1fnBeULhgK4_Cf5dKqJBfF8pmP1J36YDg"

func clusterSeed(t testing.TB) keys.Seed {
	t.Helper()
	seed, err := keys.ParseSeed([]byte(publishedSeed), keys.Cluster)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// sample is a call of the published actor to the published provider, signed.
func sample(t testing.TB) invocation.Message {
	t.Helper()
	length := uint64(4)
	m := invocation.Message{
		Origin:        invocation.Entity{PublicKey: publishedActor},
		Target:        invocation.Entity{PublicKey: publishedProvider, LinkName: "default", ContractID: "wasmcloud:testoperation"},
		Operation:     "TestOperation.HandleTest",
		Msg:           []byte("\xf0\x9f\x8c\xae"),
		ID:            "018bcfe5-6800-7000-8000-000000000001",
		HostID:        publishedHost,
		ContentLength: &length,
	}
	seed := clusterSeed(t)
	token, err := invocation.Sign(invocation.NewClaims(m, seed.PublicKey().String(), strings.Repeat("A", 22), 1700000000), seed)
	if err != nil {
		t.Fatal(err)
	}
	m.Claims = token
	return m
}

func TestSignMakesTheTokenOfWascap(t *testing.T) {
	t.Parallel()
	if got := sample(t).Claims; got != vectorA {
		t.Errorf("another token than wascap 0.12 makes:\n%s", got)
	}
}

// The hash of GOSDK@922d3b3 claims_test.go.
func TestHashOfTheGoSDK(t *testing.T) {
	t.Parallel()
	m := invocation.Message{
		Origin:    invocation.Entity{PublicKey: "i-am-provider-key", ContractID: "wasmcloud:tester", LinkName: "default"},
		Target:    invocation.Entity{PublicKey: "Mi-am-actor-key"},
		Operation: "Derper.Derp", Msg: []byte("yolo"),
	}
	if m.OriginURL() != "wasmbus://wasmcloud/tester/default/i-am-provider-key" {
		t.Errorf("origin %s", m.OriginURL())
	}
	if got := invocation.Hash("wasmbus://wasmcloud/tester/default/i-am-provider-key", "wasmbus://i-am-actor-key/Derper.Derp", "Derper.Derp", []byte("yolo")); got != "68B0A4763B1073A1B961B3EF8E8128BC38A65906310C074606CFA2193FE848D6" {
		t.Errorf("hash %s", got)
	}
}

// What Encode writes reads back the same, and every verifier accepts it.
func TestEncodedMessageIsAccepted(t *testing.T) {
	t.Parallel()
	m := sample(t)
	data, err := invocation.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	issuers := []string{clusterSeed(t).PublicKey().String()}
	for _, target := range invocation.Targets() {
		report := invocation.NewVerifier(target, issuers, nil).Verify(data, judgedAt())
		if report.Verdict != invocation.Accepted {
			t.Errorf("%s: %s by %+v", target, report.Verdict, report.First)
		}
	}
}
