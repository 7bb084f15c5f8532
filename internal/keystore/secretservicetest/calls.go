//go:build unix

package secretservicetest

import (
	"errors"
	"testing"

	"github.com/godbus/dbus/v5"
)

const (
	service    = "org.freedesktop.secrets"
	root       = dbus.ObjectPath("/org/freedesktop/secrets")
	collection = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
)

// unlocked is nil once the login collection is there and open.
func unlocked(address string) error {
	conn, err := dbus.Connect(address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	var locked bool
	if err := conn.Object(service, collection).StoreProperty("org.freedesktop.Secret.Collection.Locked", &locked); err != nil {
		return err
	}
	if locked {
		return errors.New("its login collection is locked")
	}
	return nil
}

// servedBy is the process that has the service's name on the bus.
func servedBy(address string) (pid int, err error) {
	conn, err := dbus.Connect(address)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	var id uint32
	err = conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, service).Store(&id)
	return int(id), err
}

func lock(t testing.TB, address string) {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	call := conn.Object(service, root).Call("org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{collection})
	if call.Err != nil {
		t.Fatal(call.Err)
	}
	if unlocked(address) == nil {
		t.Fatal("the collection is still open after Lock")
	}
}
