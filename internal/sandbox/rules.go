package sandbox

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// OneOf wants one of the values that the API documents.
func OneOf(values ...string) Rule {
	return func(v resource.PropertyValue) error {
		if !slices.Contains(values, v.StringValue()) {
			return fmt.Errorf("%q is none of %s", v.StringValue(), strings.Join(values, ", "))
		}
		return nil
	}
}

// Match wants a string of the given pattern; meaning says it in words.
func Match(pattern, meaning string) Rule {
	re := regexp.MustCompile(pattern)
	return func(v resource.PropertyValue) error {
		if !re.MatchString(v.StringValue()) {
			return fmt.Errorf("%q: want %s", v.StringValue(), meaning)
		}
		return nil
	}
}

// Between wants a number from lo to hi.
func Between(lo, hi float64) Rule {
	return func(v resource.PropertyValue) error {
		if n := v.NumberValue(); n < lo || n > hi {
			return fmt.Errorf("%v is not between %v and %v", n, lo, hi)
		}
		return nil
	}
}

// Items wants a list or a map of lo to hi elements.
func Items(lo, hi int) Rule {
	return func(v resource.PropertyValue) error {
		n := 0
		if v.IsArray() {
			n = len(v.ArrayValue())
		} else if v.IsObject() {
			n = len(v.ObjectValue())
		}
		if n < lo || n > hi {
			return fmt.Errorf("%d elements, want %d to %d", n, lo, hi)
		}
		return nil
	}
}

// CIDR wants an IPv4 range without host bits and, if bits is given, of one of
// these prefix lengths.
func CIDR(bits ...int) Rule {
	return func(v resource.PropertyValue) error {
		p, err := netip.ParsePrefix(v.StringValue())
		switch {
		case err != nil:
			return fmt.Errorf("%q is no CIDR range", v.StringValue())
		case p != p.Masked():
			return fmt.Errorf("%q has host bits set: want %s", v.StringValue(), p.Masked())
		case len(bits) > 0 && !slices.Contains(bits, p.Bits()):
			return fmt.Errorf("%q: want a prefix length of %v", v.StringValue(), bits)
		}
		return nil
	}
}

// All wants every rule to hold.
func All(rules ...Rule) Rule {
	return func(v resource.PropertyValue) error {
		for _, rule := range rules {
			if err := rule(v); err != nil {
				return err
			}
		}
		return nil
	}
}

// Exclusive wants at most one of the paths to be set.
func Exclusive(paths ...string) Check {
	return func(o *Object) error {
		if set := o.present(paths); len(set) > 1 {
			return fmt.Errorf("%s exclude each other", strings.Join(set, ", "))
		}
		return nil
	}
}

// ExactlyOne wants one of the paths to be set.
func ExactlyOne(paths ...string) Check {
	return func(o *Object) error {
		if set := o.present(paths); len(set) != 1 {
			return fmt.Errorf("want exactly one of %s, got %d", strings.Join(paths, ", "), len(set))
		}
		return nil
	}
}

// When applies check where condition holds.
func When(condition func(o *Object) bool, check Check) Check {
	return func(o *Object) error {
		if !condition(o) {
			return nil
		}
		return check(o)
	}
}

// Refuse objects with message where condition holds.
func Refuse(condition func(o *Object) bool, message string) Check {
	return When(condition, func(*Object) error { return errors.New(message) })
}
