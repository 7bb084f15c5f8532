// Package licences tells under which licence each module of latch comes, from the
// texts in the module cache.
package licences
