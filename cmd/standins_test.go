package cmd_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	kubejson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/latch-keys/latch/internal/invocation/invocationtest"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Programs that talk to a server, for the recipes: they read what they are given
// with the parsers of the real ones, and do nothing else.

func standIn(run func(args []string) error) func() {
	return func() {
		if err := run(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// simulate runs the hosts of a lattice, as the program of that name does; an actor
// runs on each, which checks calls.
func simulate([]string) error {
	return wasmbustest.Simulate(context.Background(), os.Args, os.Stdout, actors)
}

func actors(h wasmbustest.Host, _ map[string]string, answer func(string, func([]byte) []byte) error) error {
	otp, _ := wasmcloud.IsOTPRelease(h.Version)
	host := invocationtest.Host{
		Name: h.Name, Key: h.Key, Lattice: h.Lattice, OTP: otp, Issuers: strings.Split(h.Accepts, ","), Signs: h.Signs,
	}
	return host.Run(answer)
}

// calls has hosts call each other until it is ended.
func calls(args []string) error { return invocationtest.Calls(context.Background(), args) }

// docker understands compose up: it loads the project as compose does.
func docker(args []string) error {
	if strings.Join(args, " ") != "compose up --detach" {
		return fmt.Errorf("docker %q is not for here", args)
	}
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		return err
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	project, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir: dir, ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: text}}, Environment: types.Mapping{},
	}, func(o *loader.Options) { o.SetProjectName("recipe", true) })
	if err != nil {
		return err
	}
	project, err = project.WithServicesEnvironmentResolved(false)
	if err != nil {
		return err
	}
	for _, name := range []string{"web-1", "web-2"} {
		seed := project.Services[name].Environment["WASMCLOUD_CLUSTER_SEED"]
		if seed == nil || len(*seed) != 58 {
			return fmt.Errorf("compose gives %s no seed", name)
		}
	}
	return nil
}

// kubectl decodes what it is to apply as strictly as the API server does, keeps
// Secrets as the server does, and gives them back.
func kubectl(args []string) error {
	switch {
	case args[0] == "apply":
		for i := 1; i < len(args); i += 2 {
			if err := kubeApply(args[i+1]); err != nil {
				return err
			}
		}
		return nil
	case args[0] == "get":
		return kubeGet()
	case args[0] == "rollout":
		return nil
	}
	return fmt.Errorf("kubectl %q is not for here", args)
}

func kubeApply(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	object, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return err
	}
	var secret corev1.Secret
	into := any(&secret)
	if !strings.Contains(path, "secret") {
		into = &appsv1.Deployment{}
	}
	strict, err := kubejson.UnmarshalStrict(object, into)
	if err = errors.Join(append(strict, err)...); err != nil || len(secret.StringData) == 0 {
		return err
	}
	secret.Data = map[string][]byte{}
	for name, value := range secret.StringData {
		secret.Data[name] = []byte(value)
	}
	secret.StringData = nil
	stored, err := yaml.Marshal(secret)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(os.Getenv("LATCH_RECIPE_WORK"), "var", secret.Name+".yaml"), stored, 0o600)
}

func kubeGet() error {
	stored, err := filepath.Glob(filepath.Join(os.Getenv("LATCH_RECIPE_WORK"), "var", "*.yaml"))
	if err != nil || len(stored) == 0 {
		return fmt.Errorf("no secrets (%w)", err)
	}
	list := corev1.SecretList{}
	list.APIVersion, list.Kind = "v1", "List"
	for _, path := range stored {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var secret corev1.Secret
		if err := yaml.Unmarshal(text, &secret); err != nil {
			return err
		}
		list.Items = append(list.Items, secret)
	}
	text, err := yaml.Marshal(list)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}

// systemctl has nothing to restart here.
func systemctl(args []string) error {
	if line := strings.Join(args, " "); line != "daemon-reload" && line != "restart wasmcloud" {
		return fmt.Errorf("systemctl %q is not for here", args)
	}
	return nil
}
