package bucket

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
)

// Address is what the URI of a bucket says:
//
//	nats://HOST:PORT[,HOST:PORT...]/BUCKET[?maintainer=U...][&context=NAME]
type Address struct {
	URLs        []string // of the servers
	Bucket      string
	Maintainers []keys.PublicKey // who is trusted, whatever the bucket says
	Context     string           // of the nats command, "" for what the settings say
}

// ParseAddress reads a URI. The error is of the kind fault.Usage.
func ParseAddress(uri string) (Address, error) {
	scheme, rest, _ := strings.Cut(uri, "://")
	servers, path, _ := strings.Cut(rest, "/")
	name, query, _ := strings.Cut(path, "?")
	if scheme != "nats" && scheme != "tls" || servers == "" {
		return Address{}, badAddress("it names no server")
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`).MatchString(name) {
		return Address{}, badAddress("it names no bucket of letters, digits, _ and -")
	}
	a := Address{Bucket: name}
	for server := range strings.SplitSeq(servers, ",") {
		urls, err := natsconn.ParseURLs(scheme + "://" + server)
		if err != nil {
			return Address{}, err
		}
		a.URLs = append(a.URLs, urls...)
	}
	return a, a.read(query)
}

// read takes what stands behind the question mark.
func (a *Address) read(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return badAddress("what follows the ? cannot be read")
	}
	for name, given := range values {
		switch name {
		case "maintainer":
			for _, text := range given {
				key, err := keys.ParsePublicKey(text, keys.User)
				if err != nil {
					return badAddress("a maintainer is no signing key, U...")
				}
				a.Maintainers = append(a.Maintainers, key)
			}
		case "context":
			a.Context = given[0]
		default:
			return badAddress("only maintainer and context may follow the ?")
		}
	}
	return nil
}

func badAddress(why string) error {
	return fault.New(fault.Usage, "the address of the bucket is not usable: %s", why).
		WithHint("give it as nats://HOST:PORT/BUCKET, and behind that, if at all, ?maintainer=U... and &context=NAME")
}

// String is the address in its plainest form, which says where the bucket is.
func (a Address) String() string {
	scheme, _, _ := strings.Cut(a.URLs[0], "://")
	hosts := make([]string, len(a.URLs))
	for i, u := range a.URLs {
		_, hosts[i], _ = strings.Cut(u, "://")
	}
	return scheme + "://" + strings.Join(hosts, ",") + "/" + a.Bucket
}

// Trusting is the address as a URI that trusts the maintainers.
func (a Address) Trusting(maintainers []keys.PublicKey) string {
	var query []string
	for _, key := range maintainers {
		query = append(query, "maintainer="+key.String())
	}
	if a.Context != "" {
		query = append(query, "context="+url.QueryEscape(a.Context))
	}
	return a.String() + "?" + strings.Join(query, "&")
}
