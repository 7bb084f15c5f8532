// Package packaging holds the packages of a release, as `make snapshot` builds them,
// against what a newcomer needs: they install, do latch's main job, and leave again.
package packaging
