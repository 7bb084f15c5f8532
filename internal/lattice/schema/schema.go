// Package schema holds JSON Schemas of draft-07, the draft that editors understand
// (json-schema.org/draft-07). It knows the words that a manifest needs.
package schema

import (
	"bytes"
	"encoding/json"
)

// Draft is what "$schema" says of a document of this draft.
const Draft = "http://json-schema.org/draft-07/schema#"

// Schema says which values are valid. What is not set allows everything.
type Schema struct {
	Draft       string `json:"$schema,omitempty"`
	ID          string `json:"$id,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`

	Type  string   `json:"type,omitempty"`
	Const any      `json:"const,omitempty"`
	Enum  []string `json:"enum,omitempty"`

	// Of texts.
	Format    string `json:"format,omitempty"`
	Pattern   string `json:"pattern,omitempty"`
	MinLength int    `json:"minLength,omitempty"`
	MaxLength int    `json:"maxLength,omitempty"`

	// Of numbers.
	Minimum *uint64 `json:"minimum,omitempty"`
	Maximum *uint64 `json:"maximum,omitempty"`

	// Of lists.
	Items *Schema `json:"items,omitempty"`

	// Of objects.
	Required      []string   `json:"required,omitempty"`
	Properties    Properties `json:"properties,omitempty"`
	PropertyNames *Schema    `json:"propertyNames,omitempty"`
	Others        Others     `json:"additionalProperties,omitempty"`

	AnyOf []Schema `json:"anyOf,omitempty"`
	Not   *Schema  `json:"not,omitempty"`
}

// Property is one named value of an object.
type Property struct {
	Name string
	Schema
}

// Properties keep their order, which is the one that editors offer them in.
type Properties []Property

// MarshalJSON writes an object with the properties in their order.
func (ps Properties) MarshalJSON() ([]byte, error) {
	var text bytes.Buffer
	text.WriteByte('{')
	for i, p := range ps {
		if i > 0 {
			text.WriteByte(',')
		}
		name, err := json.Marshal(p.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(p.Schema)
		if err != nil {
			return nil, err
		}
		text.Write(name)
		text.WriteByte(':')
		text.Write(value)
	}
	text.WriteByte('}')
	return text.Bytes(), nil
}

// Others says what an object may hold besides its properties: false for nothing,
// or a *Schema.
type Others any

// Object has these properties and no others.
func Object(properties ...Property) Schema {
	return Schema{Type: "object", Properties: properties, Others: false}
}

// List is a list of values of one kind.
func List(of Schema) Schema { return Schema{Type: "array", Items: &of} }

// Text is a text that a pattern matches; "" stands for any text.
func Text(pattern string) Schema { return Schema{Type: "string", Pattern: pattern} }

// Number is a whole number within bounds.
func Number(least, most uint64) Schema {
	return Schema{Type: "integer", Minimum: &least, Maximum: &most}
}

// Truth is true or false.
func Truth() Schema { return Schema{Type: "boolean"} }
