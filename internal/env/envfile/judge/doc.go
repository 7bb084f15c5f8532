// Package judge judges what hosts are told without a manifest: each host by what
// it does with the values, and all together by the rules of provisioning. Rules
// lists what it finds. Observe gives how hosts stand, for whoever needs evidence.
package judge
