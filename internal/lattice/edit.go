package lattice

// The edits. Each returns a new document whose text differs only where it has
// to, with the generation raised by one if any host's environment changes.

// AddHost adds a host after the others. It signs with an issuer of the manifest.
// Errors match ErrTaken or ErrNotFound.
func (d *Document) AddHost(h Host) (*Document, error) {
	return d.edit(func(e *editor) error {
		if err := e.want.addHost(h); err != nil {
			return err
		}
		e.appendItem("hosts", hostFields(h))
		return nil
	})
}

// RemoveHost removes the host of that name, the comments within its lines, and
// what a rotation has observed of it.
// An unknown name matches ErrNotFound.
func (d *Document) RemoveHost(name string) (*Document, error) {
	removed, err := d.edit(func(e *editor) error {
		index, err := e.want.removeHost(name)
		if err != nil {
			return err
		}
		e.removeItem("hosts", index)
		return nil
	})
	if err != nil || removed.manifest.Rotation == nil {
		return removed, err
	}
	m := removed.Manifest()
	m.Rotation.forget(name)
	return removed.Update(m)
}

// AddIssuer adds a cluster key that every host is to accept, after the others.
// Its time of creation is kept to the second. A name or key that is there
// already matches ErrTaken.
func (d *Document) AddIssuer(is Issuer) (*Document, error) {
	return d.edit(func(e *editor) error {
		if err := e.want.addIssuer(is); err != nil {
			return err
		}
		e.appendItem("issuers", issuerFields(is))
		return nil
	})
}

// RemoveIssuer removes the issuer of that name, so that no host accepts its key
// any more. It refuses, matching ErrInUse, while a host signs with it or no other
// issuer is left; an unknown name matches ErrNotFound.
func (d *Document) RemoveIssuer(name string) (*Document, error) {
	return d.edit(func(e *editor) error {
		index, err := e.want.removeIssuer(name)
		if err != nil {
			return err
		}
		e.removeItem("issuers", index)
		return nil
	})
}

// SetSignsWith makes a host sign with another issuer. If it does already, the
// document is returned as it is. An unknown name matches ErrNotFound.
func (d *Document) SetSignsWith(host, issuer string) (*Document, error) {
	if h, ok := d.manifest.Host(host); ok && h.SignsWith == issuer {
		return d, nil
	}
	return d.edit(func(e *editor) error {
		index, err := e.want.setSignsWith(host, issuer)
		if err != nil {
			return err
		}
		host := value(e.root, "hosts").Content[index]
		e.setText(value(host, "signs_with"), issuer)
		return nil
	})
}

// BumpGeneration raises the generation by one and changes nothing else.
func (d *Document) BumpGeneration() (*Document, error) {
	return d.edit(func(*editor) error { return nil })
}
