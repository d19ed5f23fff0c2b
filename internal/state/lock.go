// Package state looks after where the states of an environment's stacks are kept:
// it makes the bucket and the key that must be there first, and reads the locks
// that Pulumi's backend for files and buckets leaves there.
package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"
)

// Lock is a lock of a stack. The exported fields with a tag are the lock's file, as
// package backend/diy of github.com/pulumi/pulumi/pkg/v3 writes it.
type Lock struct {
	Pid       int       `json:"pid"`       // Pid is the process that set it.
	Username  string    `json:"username"`  // Username ran that process.
	Hostname  string    `json:"hostname"`  // Hostname is the machine that it ran on.
	Timestamp time.Time `json:"timestamp"` // Timestamp is when it was set.

	Stack string `json:"-"` // Stack is the name that the CLI takes, such as "dev-gcp".
	Key   string `json:"-"` // Key is the file's path in the backend.
	// Cut says that the file cannot be read: its writer was killed. Then only
	// Timestamp is known, as the file's age.
	Cut bool `json:"-"`
}

// Owner is who set the lock, such as "ci@runner-7, process 4711".
func (l *Lock) Owner() string {
	if l.Cut {
		return "unknown (cut off while it was written)"
	}
	return fmt.Sprintf("%s@%s, process %d", l.Username, l.Hostname, l.Pid)
}

// LockDir is the folder of a stack's locks, relative to the backend. The backend
// has one organization, of this name.
func LockDir(project, stack string) string {
	return path.Join(".pulumi", "locks", "organization", project, stack)
}

// Locks are the locks of a project's stacks, the oldest first.
func Locks(ctx context.Context, s Store, project string, stacks []string) ([]Lock, error) {
	var locks []Lock
	for _, stack := range stacks {
		objects, err := s.List(ctx, LockDir(project, stack)+"/")
		if err != nil {
			return nil, err
		}
		for _, object := range objects {
			if path.Ext(object.Key) != ".json" {
				continue // metadata that the file backend keeps beside each file
			}
			l, err := readLock(ctx, s, object)
			if errors.Is(err, fs.ErrNotExist) {
				continue // its owner ended in this moment
			} else if err != nil {
				return nil, err
			}
			l.Stack = stack
			locks = append(locks, l)
		}
	}
	slices.SortStableFunc(locks, func(a, b Lock) int { return a.Timestamp.Compare(b.Timestamp) })
	return locks, nil
}

func readLock(ctx context.Context, s Store, object Object) (Lock, error) {
	text, err := s.Read(ctx, object.Key)
	if err != nil {
		return Lock{}, err
	}
	l := Lock{Key: object.Key}
	if json.Unmarshal(text, &l) != nil || l.Timestamp.IsZero() {
		l = Lock{Key: object.Key, Timestamp: object.Modified, Cut: true}
	}
	return l, nil
}

// Older are the locks that were set more than age before now.
func Older(locks []Lock, now time.Time, age time.Duration) []Lock {
	return slices.DeleteFunc(slices.Clone(locks), func(l Lock) bool { return now.Sub(l.Timestamp) <= age })
}

// Lift is the command that removes all locks of a stack.
func Lift(stack string) string { return "pulumi cancel --yes --stack " + stack }
