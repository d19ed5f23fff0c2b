package main

import (
	"errors"
	"fmt"
)

// The exit codes, which scripts rely on.
const (
	exitOK      = 0 // done, or nothing to do
	exitFailed  = 1 // something failed, or changed although no changes were expected
	exitUsage   = 2 // the command line is wrong
	exitRefused = 3 // nobody agreed
)

// exitError is an error that ends infra with its own code.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }
func (e exitError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return exitError{exitUsage, fmt.Errorf(format, args...)}
}

func refused(format string, args ...any) error {
	return exitError{exitRefused, fmt.Errorf(format, args...)}
}

// errReported ends infra with failure after what failed has been said.
var errReported = errors.New("failed")

func exitCode(err error) int {
	var e exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		return e.code
	}
	return exitFailed
}
