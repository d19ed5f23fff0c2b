// Package delivery holds the workflows of .github and renovate.json to what no linter
// of theirs knows: pins, permissions, and that their logic is in Go.
package delivery
