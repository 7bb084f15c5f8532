// Package compose reads the projects of docker compose, as compose does: with
// override files, include, extends, env files, and values from the .env beside
// them. It reads what tells a service its environment, and nothing else.
//
// Compose's own loader is not used: it prepares for every program it is linked
// into, whatever that does. Tests hold this package against it.
//
// Source: compose-go v2.16.2 loader/loader.go, extends.go, include.go,
// override/merge.go, types/project.go.
package compose
