// Package keyscmd is `latch keys`: keys are made, judged, stored and moved.
package keyscmd
