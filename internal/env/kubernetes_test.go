package env

import (
	"errors"
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"pgregory.net/rapid"
	kubejson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/latch-keys/latch/internal/fault"
)

// readAsKubernetes decodes the Secret as strictly as the API server does when
// asked to, and judges its names by the server's own rules.
func readAsKubernetes(file []byte) (map[string]string, error) {
	text, err := yaml.YAMLToJSONStrict(file)
	if err != nil {
		return nil, err
	}
	var secret corev1.Secret
	strict, err := kubejson.UnmarshalStrict(text, &secret)
	if err = errors.Join(append(strict, err)...); err != nil {
		return nil, err
	}
	faults := validation.IsDNS1123Subdomain(secret.Name)
	for name := range secret.StringData {
		faults = append(faults, validation.IsConfigMapKey(name)...)
		faults = append(faults, validation.IsEnvVarName(name)...)
	}
	for key, label := range secret.Labels {
		faults = append(faults, validation.IsQualifiedName(key)...)
		faults = append(faults, validation.IsValidLabelValue(label)...)
	}
	if len(faults) > 0 || secret.APIVersion != "v1" || secret.Kind != "Secret" || secret.Type != corev1.SecretTypeOpaque || secret.Data != nil {
		return nil, fmt.Errorf("%s %s %s, %d data: %v", secret.APIVersion, secret.Kind, secret.Type, len(secret.Data), faults)
	}
	return secret.StringData, nil
}

// TestStrictnessIsReal: a misspelt field is found, so that the reader above
// could fail.
func TestStrictnessIsReal(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: Opaque\nstringdata: {A: b}\n",
		"apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: Opaque\nstringData: {A: b, A: c}\n",
		"apiVersion: v1\nkind: Secret\nmetadata: {name: A_b}\ntype: Opaque\nstringData: {A: b}\n",
	} {
		if got, err := readAsKubernetes([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

// TestSecretNames: a name is taken if and only if the API server takes it.
func TestSecretNames(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9._-]{0,20}`), rapid.StringMatching(`[a-z0-9][a-z0-9.-]{0,260}`)).Draw(t, "name")
		if got, want := isDNSName(name), len(validation.IsDNS1123Subdomain(name)) == 0; got != want {
			t.Fatalf("%q is taken: %t, by the API server: %t", name, got, want)
		}
	})
	e := web1(t, "otp")
	e.Host = "Web_1"
	if _, err := dialect("k8s").Render(e, Revealed); !fault.Is(err, fault.Refused) || hint(err) == "" {
		t.Errorf("got %v", err)
	}
}

// TestKubernetesKeysAreTexts: no variable's name becomes a boolean on its way.
func TestKubernetesKeysAreTexts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"y", "Y", "n", "NO", "Yes", "on", "ON", "Off", "true", "TRUE", "false", "null", "NULL", "NaN", "_1", "e1"} {
		file, err := dialect("k8s").Render(plainly(t, name, "x"), Revealed)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := readAsKubernetes(file); err != nil || got[name] != "x" {
			t.Errorf("%s: read as %v, %v", name, got, err)
		}
	}
}

// A name that YAML would read as a number is a text all the same.
func TestKubernetesNamesAreTexts(t *testing.T) {
	t.Parallel()
	e := web1(t, "otp")
	e.Lattice, e.Host = "0e", "00"
	file, err := dialect("k8s").Render(e, Revealed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readAsKubernetes(file); err != nil {
		t.Error(err)
	}
}
