package serdejson_test

import (
	"testing"

	"github.com/latch-keys/latch/internal/invocation/serdejson"
)

// The words are those of serde_json 1.0 for struct Thing { name: String, size: Option<u64>, small: Option<u32> }.
func TestWordsOfSerde(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"name":"a","size":1}`:                    "",
		`{"name":"a","size":null,"x":[{"y":[1]}]}`: "",
		`{"\u006eame":"a"}`:                        "",
		`["a",1,2]`:                                "",
		`{"size":1}`:                               "missing field `name` at line 1 column 10",
		"{\n \"size\":1\n}":                        "missing field `name` at line 3 column 1",
		`{"name":"a","name":"b"}`:                  "duplicate field `name` at line 1 column 18",
		`{"name":5}`:                               "invalid type: integer `5`, expected a string at line 1 column 9",
		`{"name":null}`:                            "invalid type: null, expected a string at line 1 column 12",
		`{"name":{}}`:                              "invalid type: map, expected a string at line 1 column 8",
		`{"name":"a","size":1.5}`:                  "invalid type: floating point `1.5`, expected u64 at line 1 column 22",
		`{"name":"a","size":-1}`:                   "invalid value: integer `-1`, expected u64 at line 1 column 21",
		`{"name":"a","small":4294967296}`:          "invalid value: integer `4294967296`, expected u32 at line 1 column 30",
		`{"name":"a","size":"1"}`:                  "invalid type: string \"1\", expected u64 at line 1 column 22",
		`["a",1]`:                                  "invalid length 2, expected struct Thing with 3 elements at line 1 column 6",
		`x`:                                        "expected value at line 1 column 1",
		``:                                         "EOF while parsing a value at line 1 column 0",
		`{"name":"\ud800"}`:                        "lone leading surrogate in hex escape at line 1 column 15",
	} {
		var name string
		err := serdejson.Read([]byte(text), "Thing", []serdejson.Member{
			serdejson.Required("name", serdejson.Text(&name)),
			serdejson.Optional("size", serdejson.Number(64, true, func(uint64) {})),
			serdejson.Optional("small", serdejson.Number(32, true, func(uint64) {})),
		})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if want != "" {
			want = "Serialization error: " + want
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestRepeatedMember(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"a":1,"b":{"a":1}}`:         "",
		`{"a":1,"\u0061":2}`:          "a",
		`{"a":[{"b":1},{"b":1}]}`:     "",
		`{"a":[{"b":1,"c":2,"b":1}]}`: "b",
		`[1,"a","a"]`:                 "",
	} {
		if got, found := serdejson.RepeatedMember([]byte(text)); got != want || found != (want != "") {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
