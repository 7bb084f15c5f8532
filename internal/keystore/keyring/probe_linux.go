package keyring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

// Names of the Secret Service. Source: the freedesktop.org Secret Service API
// and, for the choice of the collection, go-keyring's secret_service.
const (
	secretsName       = "org.freedesktop.secrets"
	secretsPath       = dbus.ObjectPath("/org/freedesktop/secrets")
	secretsService    = "org.freedesktop.Secret.Service"
	secretsCollection = "org.freedesktop.Secret.Collection"
	loginCollection   = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
)

// newProbe asks the session bus what the library would only find out by
// starting things or by waiting for a prompt.
func newProbe(environ []string) func(context.Context, bool) error {
	return newProber(environ).probe
}

func newProber(environ []string) prober {
	return prober{environ: environ, runtimeDir: fmt.Sprintf("/run/user/%d", os.Getuid())}
}

type prober struct {
	environ    []string
	runtimeDir string
}

func (p prober) probe(ctx context.Context, secrets bool) error {
	address := p.address()
	if address == "" {
		return Unusable(NoBus, nil, "there is no D-Bus session bus (DBUS_SESSION_BUS_ADDRESS is not set)")
	}
	bus, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		return Unusable(NoBus, err, "failed to reach the D-Bus session bus")
	}
	defer func() { _ = bus.Close() }()
	if err := owned(ctx, bus); err != nil || !secrets {
		return err
	}
	return unlocked(ctx, bus)
}

// address is where the library will look for the bus, or nothing where it would
// launch one. Source: godbus conn.go, conn_other.go.
func (p prober) address() string {
	for _, pair := range p.environ {
		value, ok := strings.CutPrefix(pair, "DBUS_SESSION_BUS_ADDRESS=")
		if ok && value != "" && value != "autolaunch:" {
			return value
		}
	}
	socket := filepath.Join(p.runtimeDir, "bus")
	if _, err := os.Stat(socket); !errors.Is(err, os.ErrNotExist) {
		return "unix:path=" + dbus.EscapeBusAddressValue(socket)
	}
	session, err := os.ReadFile(filepath.Join(p.runtimeDir, "dbus-session"))
	if err != nil {
		return ""
	}
	address, _ := strings.CutPrefix(string(session), "DBUS_SESSION_BUS_ADDRESS=")
	return strings.TrimRight(address, "\r\n")
}

// owned makes sure that the service runs. Asking it anything would start it.
func owned(ctx context.Context, bus *dbus.Conn) error {
	var has bool
	call := bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, secretsName)
	if err := call.Store(&has); err != nil {
		return Unusable(NoBus, err, "the D-Bus session bus does not answer")
	}
	if !has {
		return Unusable(NoService, nil, "no keyring service runs on the D-Bus session bus")
	}
	return nil
}

// unlocked makes sure that the collection the library will use needs no prompt.
func unlocked(ctx context.Context, bus *dbus.Conn) error {
	collection, err := collectionInUse(ctx, bus)
	if err != nil {
		return explained("look at", err)
	}
	if collection == "/" {
		return Unusable(NoDefault, nil, "its service runs, but has no login keyring and no other default")
	}
	var locked bool
	if err := property(ctx, bus, collection, secretsCollection, "Locked", &locked); err != nil {
		return explained("look at", err)
	}
	if locked {
		return Unusable(Locked, nil, "it is locked")
	}
	return nil
}

func collectionInUse(ctx context.Context, bus *dbus.Conn) (dbus.ObjectPath, error) {
	var all []dbus.ObjectPath
	if err := property(ctx, bus, secretsPath, secretsService, "Collections", &all); err != nil {
		return "", err
	}
	if slices.Contains(all, loginCollection) {
		return loginCollection, nil
	}
	var path dbus.ObjectPath
	err := bus.Object(secretsName, secretsPath).
		CallWithContext(ctx, secretsService+".ReadAlias", dbus.FlagNoAutoStart, "default").Store(&path)
	return path, err
}

func property(ctx context.Context, bus *dbus.Conn, path dbus.ObjectPath, of, name string, into any) error {
	var value dbus.Variant
	err := bus.Object(secretsName, path).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, of, name).Store(&value)
	if err != nil {
		return err
	}
	return value.Store(into)
}
