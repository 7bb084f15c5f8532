// Package architecture holds the rules of the house as tests: which room may
// import which, what stays outside the rooms, how large things may grow, what may
// be in the tree. It also draws docs/layout.md from the code.
package architecture
