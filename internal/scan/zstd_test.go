package scan_test

import (
	"bytes"
	"io"
	"testing"

	library "github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/third_party/zstd"
)

// Whatever another library packs, at any level and in any frames, comes out again.
func TestZstdUnpacksWhatAnotherLibraryPacks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var packed, want []byte
		for range rapid.IntRange(1, 3).Draw(t, "frames") {
			data := bytes.Repeat(rapid.SliceOf(rapid.Byte()).Draw(t, "data"), rapid.IntRange(0, 500).Draw(t, "times"))
			level := rapid.SampledFrom([]library.EncoderLevel{library.SpeedFastest, library.SpeedDefault, library.SpeedBestCompression}).Draw(t, "level")
			w, err := library.NewWriter(nil, library.WithEncoderLevel(level), library.WithEncoderConcurrency(1), library.WithWindowSize(1<<rapid.IntRange(10, 18).Draw(t, "window")))
			if err != nil {
				t.Fatal(err)
			}
			packed = w.EncodeAll(data, packed)
			want = append(want, data...)
		}
		got, err := io.ReadAll(zstd.NewReader(bytes.NewReader(packed)))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes of %d, %v", len(got), len(want), err)
		}
	})
}
