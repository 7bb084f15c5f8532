package keyring

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// newItems lists the users of our items in the collection that the library
// uses, which it cannot do itself.
func newItems(environ []string) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		var found []string
		err := onBus(ctx, environ, func(bus *dbus.Conn) error {
			items, err := search(ctx, bus, map[string]string{"service": service})
			if err != nil {
				return err
			}
			for _, item := range items {
				var attributes map[string]string
				err := property(ctx, bus, item, "org.freedesktop.Secret.Item", "Attributes", &attributes)
				if err != nil && !halfThere(err) {
					return err
				}
				found = append(found, attributes["username"])
			}
			return nil
		})
		return found, err
	}
}

// newDirect asks the service, instead of an item, for the item's secret. It
// crosses the bus in clear, as the library has it.
func newDirect(environ []string) func(service, user string) (string, error) {
	return func(service, user string) (string, error) {
		ctx, cancel := context.WithTimeout(context.Background(), callLimit)
		defer cancel()
		var secret string
		err := onBus(ctx, environ, func(bus *dbus.Conn) error {
			items, err := search(ctx, bus, map[string]string{"service": service, "username": user})
			if err == nil && len(items) == 0 {
				err = ErrNoItem
			}
			if err == nil {
				secret, err = secretOf(ctx, bus, items[0])
			}
			return err
		})
		return secret, err
	}
}

// onBus runs what needs a connection to the session bus.
func onBus(ctx context.Context, environ []string, do func(*dbus.Conn) error) error {
	bus, err := dbus.Connect(newProber(environ).address(), dbus.WithContext(ctx))
	if err != nil {
		return Unusable(NoBus, err, "failed to reach the D-Bus session bus")
	}
	defer func() { _ = bus.Close() }()
	return do(bus)
}

func search(ctx context.Context, bus *dbus.Conn, attributes map[string]string) ([]dbus.ObjectPath, error) {
	collection, err := collectionInUse(ctx, bus)
	if err != nil {
		return nil, err
	}
	var items []dbus.ObjectPath
	err = bus.Object(secretsName, collection).
		CallWithContext(ctx, secretsCollection+".SearchItems", dbus.FlagNoAutoStart, attributes).Store(&items)
	return items, err
}

// secretValue is a secret on the bus. Source: freedesktop.org Secret Service
// API, "Secret".
type secretValue struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

func secretOf(ctx context.Context, bus *dbus.Conn, item dbus.ObjectPath) (string, error) {
	service := bus.Object(secretsName, secretsPath)
	var output dbus.Variant
	var session dbus.ObjectPath
	err := service.CallWithContext(ctx, secretsService+".OpenSession", dbus.FlagNoAutoStart, "plain", dbus.MakeVariant("")).Store(&output, &session)
	if err != nil {
		return "", err
	}
	var secrets map[dbus.ObjectPath]secretValue
	err = service.CallWithContext(ctx, secretsService+".GetSecrets", dbus.FlagNoAutoStart, []dbus.ObjectPath{item}, session).Store(&secrets)
	if err != nil {
		return "", err
	}
	secret, given := secrets[item]
	defer clear(secret.Value)
	if !given {
		return "", ErrNoItem
	}
	return string(secret.Value), nil
}
