package lattice

import "strconv"

// natsField is the field nats as YAML, no field where nothing is set.
func natsField(n NATS) []field {
	var inner []field
	for _, p := range Purposes() {
		if c := n.For(p); !c.IsZero() {
			inner = append(inner, field{p.String(), flowItem(connectionFields(c))})
		}
	}
	inner = appendText(inner, "js_domain", n.JetStreamDomain)
	if inner == nil {
		return nil
	}
	return []field{{"nats", flowItem(inner)}}
}

func connectionFields(c Connection) []field {
	fields := appendText(nil, "host", c.Host)
	if c.Port != 0 {
		fields = append(fields, field{"port", strconv.Itoa(int(c.Port))})
	}
	if c.TLS != Unset {
		fields = append(fields, field{"tls", strconv.FormatBool(c.TLS == On)})
	}
	fields = appendText(fields, "jwt", c.JWT)
	fields = appendText(fields, "seed", c.Seed)
	return appendText(fields, "creds", c.Creds)
}

func appendText(fields []field, name, text string) []field {
	if text == "" {
		return fields
	}
	return append(fields, field{name, scalarText(text)})
}

func variablesField(variables []Variable) []field {
	if len(variables) == 0 {
		return nil
	}
	inner := make([]field, len(variables))
	for i, v := range variables {
		inner[i] = field{v.Name, scalarText(v.Value)}
	}
	return []field{{"env", flowItem(inner)}}
}
