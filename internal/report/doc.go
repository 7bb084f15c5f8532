// Package report gives what was found a form: findings as text and SARIF, and
// who accepts whom as a table, a flowchart and a picture. It needs no terminal.
package report
