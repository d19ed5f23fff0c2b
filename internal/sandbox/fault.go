package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault makes the Nth call of an operation on a type go wrong.
type Fault struct {
	Op   string // Op is create, read, update or delete.
	Type string // Type is a resource type token.
	Nth  int    // Nth counts calls from 1, from the moment the fault is injected.
	// Do is "fail": the call is refused and nothing happens; "deny": the same, since
	// the credentials lack the permission; "cut": it happens,
	// but the answer is lost; "hang": it happens, and no answer comes; or "delay":
	// it happens after Delay.
	Do    string
	Delay time.Duration

	calls int
}

// ParseFault reads "create gcp:storage/bucket:Bucket 2 fail"; the last word may
// be fail, deny, cut, hang, or a delay such as 3s.
func ParseFault(text string) (Fault, error) {
	usage := fmt.Errorf("fault %q: want \"<create|read|update|delete> <type> <nth> <fail|deny|cut|hang|DURATION>\"", text)
	words := strings.Fields(text)
	if len(words) != 4 {
		return Fault{}, usage
	}
	nth, err := strconv.Atoi(words[2])
	known := words[0] == "create" || words[0] == "read" || words[0] == "update" || words[0] == "delete"
	if err != nil || nth < 1 || !known {
		return Fault{}, usage
	}
	f := Fault{Op: words[0], Type: words[1], Nth: nth, Do: words[3]}
	if !slices.Contains([]string{"fail", "deny", "cut", "hang"}, f.Do) {
		if f.Delay, err = time.ParseDuration(f.Do); err != nil {
			return Fault{}, usage
		}
		f.Do = "delay"
	}
	return f, nil
}

// Inject makes a fault happen.
func (s *Store) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// fault is what goes wrong with this call, or the zero Fault.
func (s *Store) fault(op, typ string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Op == op && f.Type == typ {
			if f.calls++; f.calls == f.Nth {
				return *f
			}
		}
	}
	return Fault{}
}
