package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	states "ai-worker/internal/state"
)

// lock is a lock in the sandbox, where its file can be removed.
type lock struct {
	states.Lock

	path string
	here bool // here says that its owner ran on this machine
}

// patience is how long a lock's owner that is still alive may take to end: a CLI
// whose infra was killed notices soon that its clouds are gone.
var patience = 10 * time.Second

// liftLocks removes the locks of a stack whose owners died. It holds the clouds
// alone, so that no other infra can be running.
func (s *session) liftLocks(ctx context.Context, stack string, p *progress) error {
	deadline := time.Now().Add(patience)
	waiting := false
	for {
		alive, err := liftStale(lockDir(s.root, stack), func(l lock) {
			p.say("%s: lifted the lock of process %d, which died; it was set at %s", stack, l.Pid, l.Timestamp.Format(time.DateTime))
		})
		switch {
		case err != nil:
			return err
		case alive == nil:
			return nil
		case time.Now().After(deadline) || !alive.here:
			return fmt.Errorf("stack %s is locked by process %d of %s on %s since %s: wait for it to end, or stop it and run this again",
				stack, alive.Pid, alive.Username, alive.Hostname, alive.Timestamp.Format(time.DateTime))
		case !waiting:
			waiting = true
			p.say("%s: is locked by process %d; waiting for it to end", stack, alive.Pid)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// liftStale removes the locks in dir whose owners died on this machine, and
// returns one whose owner may be alive.
func liftStale(dir string, lifted func(lock)) (*lock, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	here, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue // its owner ended in this moment
		} else if err != nil {
			return nil, err
		}
		l := lock{path: path}
		err = json.Unmarshal(text, &l)
		l.here = l.Hostname == here
		if err == nil && (!l.here || running(l.Pid)) {
			return &l, nil
		}
		// What cannot be read was cut off while it was written.
		if err := l.remove(); err != nil {
			return nil, unwritable(dir, err)
		}
		lifted(l)
	}
	return nil, nil
}

func (l *lock) remove() error {
	_ = os.Remove(l.path + ".attrs") // what the file backend keeps beside each file
	return os.Remove(l.path)
}

// running says whether a process lives and may be a CLI. Numbers of processes are
// used again, so where the system tells what a process is, that counts too.
func running(pid int) bool {
	if err := syscall.Kill(pid, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return true
	}
	// "29509 (pulumi) S 1 ...": https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
	before, after, _ := strings.Cut(string(stat), ") ")
	return strings.Contains(before, "pulumi") && !strings.HasPrefix(after, "Z") // a zombie is dead
}
