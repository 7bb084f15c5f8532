package hostenv

import (
	"strings"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TargetOfImage is what an image of wasmCloud runs, by its name and tag. Zero:
// the image does not say.
func TargetOfImage(image string) wasmcloud.Target {
	_, tag, _ := strings.Cut(imageName(image), ":")
	if !HostImage(image) {
		return wasmcloud.Target{}
	}
	return TargetOfVersion(tag)
}

// HostImage reports whether an image is one of wasmCloud's hosts.
func HostImage(image string) bool {
	name, _, _ := strings.Cut(imageName(image), ":")
	name = strings.ReplaceAll(name, "_", "-")
	return name == "wasmcloud" || name == "wasmcloud-host"
}

// imageName is the last part of an image's name, with its tag.
func imageName(image string) string {
	image, _, _ = strings.Cut(image, "@")
	return image[strings.LastIndexByte(image, '/')+1:]
}

// TargetOfVersion is what hosts of a version are, of which its first two numbers
// say enough. Zero: it is none.
func TargetOfVersion(version string) wasmcloud.Target {
	major, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	minor, _, _ = strings.Cut(minor, "-")
	target, _ := wasmcloud.TargetOfRelease(major + "." + minor + ".0")
	return target
}
