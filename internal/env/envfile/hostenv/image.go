package hostenv

import (
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// TargetOfImage is what an image of wasmCloud runs, by its name and tag. Zero:
// the image does not say.
func TargetOfImage(image string) lattice.Target {
	image, _, _ = strings.Cut(image, "@")
	name, tag, _ := strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
	name = strings.ReplaceAll(name, "_", "-")
	if name != "wasmcloud" && name != "wasmcloud-host" {
		return lattice.Target{}
	}
	return TargetOfVersion(tag)
}

// TargetOfVersion is what hosts of a version are: OTP hosts had versions up to
// 0.63, Rust hosts from 0.78 on. Zero: it is none.
func TargetOfVersion(version string) lattice.Target {
	major, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	minor, _, _ = strings.Cut(minor, "-")
	a, errA := strconv.Atoi(major)
	b, errB := strconv.Atoi(minor)
	if errA != nil || errB != nil || a < 0 || b < 0 {
		return lattice.Target{}
	}
	target, _ := lattice.ParseTarget(targetName(a, b))
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
