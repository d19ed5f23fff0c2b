package config

import (
	"fmt"
	"slices"
	"strings"
)

// problem is one thing that is wrong, and the path of the setting that it is
// wrong with.
type problem struct{ at, text string }

func (p problem) Error() string { return p.text }

// problems collects everything that is wrong.
type problems []problem

func (p *problems) add(at, format string, args ...any) {
	*p = append(*p, problem{at, at + ": " + fmt.Sprintf(format, args...)})
}

func (p *problems) unless(ok bool, at, format string, args ...any) {
	if !ok {
		p.add(at, format, args...)
	}
}

// beside leaves out what follows from p: a value of another type than wanted was
// not read, and looks as if it were missing.
func (p problems) beside(others problems) problems {
	return slices.DeleteFunc(others, func(other problem) bool {
		return slices.ContainsFunc(p, func(cause problem) bool {
			rest, below := strings.CutPrefix(other.at, cause.at)
			return below && (rest == "" || rest[0] == '.')
		})
	})
}

func (p problems) errors() []error {
	var errs []error
	for _, one := range p {
		errs = append(errs, one)
	}
	return errs
}
