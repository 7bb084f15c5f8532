package keyscmd

import (
	"bytes"
	"context"
	"runtime"

	"github.com/latch-keys/latch/internal/keys"
)

// batchSize is how many keys are judged at once.
const batchSize = 1024

// batch judges keys in parallel and emits the verdicts in order. Its buffers are
// used again, so that a file of any length takes constant memory.
type batch struct {
	judge     *judge
	emit      func(verdict)
	found     []keys.Found
	buffers   [][]byte
	diagnoses []keys.Diagnosis
}

// add takes a copy of what was found, and reports whether the batch is full. A
// line that completes the one before to a key is one with it.
func (b *batch) add(f keys.Found) bool {
	n := len(b.found)
	if n > 0 && continues(b.found[n-1], f) {
		b.buffers[n-1] = append(append(b.buffers[n-1], '\n'), f.Text...)
		b.found[n-1].Text = b.buffers[n-1]
		return false
	}
	if n == len(b.buffers) {
		b.buffers = append(b.buffers, nil)
	}
	b.buffers[n] = append(b.buffers[n][:0], f.Text...)
	f.Text = b.buffers[n]
	b.found = append(b.found, f)
	return n+1 == batchSize
}

// flush judges what has been added and says how many keys that were.
func (b *batch) flush(ctx context.Context) int {
	n := len(b.found)
	if b.diagnoses == nil {
		b.diagnoses = make([]keys.Diagnosis, batchSize)
	}
	keys.Each(n, runtime.GOMAXPROCS(0), func(i int) {
		b.diagnoses[i] = keys.Diagnose(b.found[i].Text, b.found[i].Want)
	})
	for i, f := range b.found {
		b.emit(b.judge.conclude(ctx, f, b.diagnoses[i]))
		clear(f.Text)
	}
	b.found = b.found[:0]
	return n
}

// continues reports whether two lines are one key with a line end inside: one
// key with a flaw, not two short ones.
func continues(first, second keys.Found) bool {
	if first.Variable+second.Variable != "" || first.Entry+second.Entry > 0 || first.Line+1 != second.Line {
		return false
	}
	if n := len(first.Text) + len(second.Text); n != keys.PublicKeyLength && n != keys.SeedLength {
		return false
	}
	joined := bytes.Join([][]byte{first.Text, second.Text}, nil)
	defer clear(joined)
	return keys.Diagnose(joined, keys.Want{}).Valid()
}
