// Package noprobe keeps a library from questioning the terminal before main.
//
// The Pulumi SDK imports bubbletea v1, whose init asks the terminal for its
// background colour and waits up to five seconds for the answer
// (https://github.com/charmbracelet/bubbletea/blob/v1.3.10/tea_init.go). Many
// pseudo-terminals never answer, and Ctrl-C does nothing kind meanwhile. With CI
// set it does not ask. Packages are initialized in the order of their import
// paths as far as their imports allow (https://go.dev/ref/spec#Program_initialization),
// so that this one, which needs no other but os, comes before that one.
package noprobe

import "os"

const variable = "CI"

var ours bool

func init() {
	if _, given := os.LookupEnv(variable); !given {
		ours = os.Setenv(variable, "true") == nil
	}
}

// Done gives the environment back as it was; main calls it first.
func Done() {
	if ours {
		_ = os.Unsetenv(variable) // it fails for an empty name only
	}
}
