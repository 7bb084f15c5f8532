// Package tap judges the calls of a lattice as they pass by: it counts what was
// heard, judged and dropped, by issuer and by verdict, and knows since when no
// call was signed with a key that is to be retired. It listens to nothing itself:
// what was heard is handed in.
package tap
