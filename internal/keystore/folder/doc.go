// Package folder keeps files in a folder of one's own: Blobs for whatever is to
// be kept there, and the dir: keystore, plain NAME.nk files as wash and nsc have
// them.
package folder
