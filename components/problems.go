package components

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problems collects what is wrong with arguments. Each message names field,
// index and value, and says what would be right.
type Problems []error

// Want adds a message unless ok.
func (p *Problems) Want(ok bool, format string, args ...any) {
	if !ok {
		*p = append(*p, fmt.Errorf(format, args...))
	}
}

// OneOf wants value to be among those allowed. An empty one may be left out.
func (p *Problems) OneOf(field, value string, allowed ...string) {
	named := slices.DeleteFunc(slices.Clone(allowed), func(s string) bool { return s == "" })
	p.Want(slices.Contains(allowed, value), "%s %q: want one of %s", field, value, strings.Join(named, ", "))
}

// Distinct wants none of values twice.
func (p *Problems) Distinct(field string, values []string) {
	for i, value := range values {
		p.Want(!slices.Contains(values[:i], value), "%s[%d] %q: given twice", field, i, value)
	}
}

// Err is all that is wrong in one error, or nil.
func (p Problems) Err() error { return errors.Join(p...) }
