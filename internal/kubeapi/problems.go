package kubeapi

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Problem is one thing that the API server would refuse.
type Problem struct {
	Field  string // Field is a path such as "spec.ports[0].name", or empty if the server names none.
	Detail string // Detail is what the server says.
}

func (p Problem) Error() string {
	if p.Field == "" {
		return p.Detail
	}
	return p.Field + ": " + p.Detail
}

// causes are the problems in the server's answer.
func causes(err error) []Problem {
	var status *apierrors.StatusError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &status) || status.ErrStatus.Details == nil || len(status.ErrStatus.Details.Causes) == 0:
		return []Problem{{"", err.Error()}}
	}
	var problems []Problem
	for _, cause := range status.ErrStatus.Details.Causes {
		if p := (Problem{cause.Field, cause.Message}); !slices.Contains(problems, p) { // the server repeats itself
			problems = append(problems, p)
		}
	}
	return problems
}

// unreadable lists the values that decode refuses, which stops at the first
// and mostly does not say where that is. A value is to blame if decode says
// something else without it.
func unreadable(o Object, decode func(Object) error) []Problem {
	o, err := roundTrip(o)
	if err != nil {
		return []Problem{{"", err.Error()}}
	}
	var was string
	var blame func(path string, v any, put func(any)) string
	blame = func(path string, v any, put func(any)) string {
		switch v := v.(type) {
		case Object:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				if found := blame(path+"."+key, v[key], func(n any) { v[key] = n }); found != "" {
					return found
				}
			}
		case []any:
			for i := range v {
				if found := blame(fmt.Sprintf("%s[%d]", path, i), v[i], func(n any) { v[i] = n }); found != "" {
					return found
				}
			}
		}
		if path == "" || path == ".apiVersion" || path == ".kind" { // nothing is readable without them
			return ""
		}
		put(nil)
		if err := decode(o); err == nil || err.Error() != was {
			return path // left out from now on
		}
		put(v)
		return ""
	}
	var problems []Problem
	for err := decode(o); err != nil; err = decode(o) {
		was = err.Error()
		path := blame("", o, nil)
		problems = append(problems, Problem{strings.TrimPrefix(path, "."), was})
		if path == "" {
			break
		}
	}
	return problems
}
