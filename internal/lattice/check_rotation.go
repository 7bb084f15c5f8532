package lattice

// rotation reports hosts that sign with another key than the phase wants: an
// edit by hand, with which some host would be refused.
func (c *checker) rotation(d *Document) {
	r := d.manifest.Rotation
	if r == nil {
		return
	}
	for i, h := range d.manifest.Hosts {
		const message = "%s signs with %s, which phase %s does not allow: other hosts may refuse it"
		for _, s := range r.Keys {
			if s.Host != "" && s.Host != h.Name {
				continue
			}
			right := s.New
			if r.Phase == PhaseIntroduce {
				right = s.Old
			}
			if (h.SignsWith == s.Old || h.SignsWith == s.New) && h.SignsWith != right {
				at := d.item("hosts", i, "signs_with")
				c.report(d, at, SeverityError, RuleRotation, "let it sign with "+right, message, h.Name, h.SignsWith, r.Phase)
			}
		}
	}
}
