package hostenv

import (
	"strconv"
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

// TargetOfVersion is what hosts of a version are: OTP hosts had versions up to
// 0.63, Rust hosts from 0.78 on. Zero: it is none.
func TargetOfVersion(version string) wasmcloud.Target {
	major, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	minor, _, _ = strings.Cut(minor, "-")
	a, errA := strconv.Atoi(major)
	b, errB := strconv.Atoi(minor)
	if errA != nil || errB != nil || a < 0 || b < 0 {
		return wasmcloud.Target{}
	}
	target, _ := wasmcloud.ParseTarget(targetName(a, b))
	return target
}

func targetName(major, minor int) string {
	switch {
	case major == 0 && minor >= 50 && minor < 60:
		return "otp-0.51"
	case major == 0 && minor >= 60 && minor <= 63:
		return "otp"
	case major == 0 && minor >= 78 && minor <= 82:
		return "rust-0." + strconv.Itoa(minor)
	case major == 1 && minor < 3:
		return "rust-1.0"
	case major >= 1:
		return "rust-1.3"
	}
	return ""
}
