package keystore

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// newItems lists the users of our items in the collection that the library
// uses, which it cannot do itself.
func newItems(environ []string) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		bus, err := dbus.Connect(newProber(environ).address(), dbus.WithContext(ctx))
		if err != nil {
			return nil, &KeyringError{Reason: NoBus, message: "failed to reach the D-Bus session bus", cause: err}
		}
		defer func() { _ = bus.Close() }()
		return users(ctx, bus)
	}
}

func users(ctx context.Context, bus *dbus.Conn) ([]string, error) {
	collection, err := collectionInUse(ctx, bus)
	if err != nil {
		return nil, err
	}
	var items []dbus.ObjectPath
	err = bus.Object(secretsName, collection).CallWithContext(ctx, secretsCollection+".SearchItems", dbus.FlagNoAutoStart,
		map[string]string{"service": ringService}).Store(&items)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, item := range items {
		var attributes map[string]string
		if err := property(ctx, bus, item, "org.freedesktop.Secret.Item", "Attributes", &attributes); err != nil {
			return nil, err
		}
		found = append(found, attributes["username"])
	}
	return found, nil
}
