// Package doctorcmd is `latch doctor`: what works here, and what is missing.
package doctorcmd
