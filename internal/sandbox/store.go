package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"go.etcd.io/bbolt"
	bberrors "go.etcd.io/bbolt/errors"
)

// format is the version of the store's file; another one is refused.
const format = "1"

// Store is what the simulated clouds hold. All packages share one.
type Store struct {
	mu      sync.Mutex
	db      *bbolt.DB // db is nil for a store in memory
	path    string
	objects map[key]*object
	names   map[key][]key  // names index the objects by every string that refers to them
	retired map[key]string // retired ids stay taken: for how long
	faults  []*Fault
}

type key struct{ Type, ID string }

// object is one thing in the cloud.
type object struct {
	State resource.PropertyMap
	// Names are the strings by which others refer to it.
	Names []string
	// Holds are the objects that cannot be deleted while this one exists.
	Holds []key
	// Within are the objects that this one goes with.
	Within []key
	// Given marks what stood in the cloud before any stack.
	Given bool
	// Locks is how the ids of objects begin that it keeps from being deleted.
	Locks string
	// Global is the name that no other object of its type has.
	Global string
}

// record is an object in the file.
type record struct {
	State  map[string]any
	Names  []string
	Holds  []key
	Within []key
	Given  bool
	Locks  string `json:",omitempty"`
	Global string `json:",omitempty"`
}

var (
	objectsBucket = []byte("objects")
	retiredBucket = []byte("retired")
	metaBucket    = []byte("meta")
	formatKey     = []byte("format")
)

// NewStore makes an empty store in memory.
func NewStore() *Store {
	return &Store{objects: map[key]*object{}, names: map[key][]key{}, retired: map[key]string{}}
}

// Open opens the store in the file at path, making it where there is none. Its
// errors say what to do: about a file that another run holds, that an older
// version wrote, or that cannot be written.
func Open(path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, unwritable(path, err)
	}
	// Losing power may lose the sandbox's state; losing the process may not, and
	// a write without fsync survives that. It is 100 times faster.
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, NoSync: true, NoFreelistSync: true})
	switch {
	case errors.Is(err, bberrors.ErrTimeout):
		return nil, fmt.Errorf("sandbox: %s is in use by another run; wait for it to end, or stop it", path)
	case errors.Is(err, bberrors.ErrInvalid), errors.Is(err, bberrors.ErrVersionMismatch), errors.Is(err, bberrors.ErrChecksum):
		return nil, fmt.Errorf("sandbox: %s is no sandbox store (%w); remove it with `make clean`", path, err)
	case err != nil:
		return nil, unwritable(path, err)
	}
	s := NewStore()
	s.db, s.path = db, path
	if err := s.load(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func unwritable(path string, err error) error {
	hint := "check that the folder may be written"
	if errors.Is(err, syscall.ENOSPC) {
		hint = "the disk is full; make room"
	}
	return fmt.Errorf("sandbox: cannot keep state in %s: %w; %s", filepath.Dir(path), err, hint)
}

// Close releases the file.
func (s *Store) Close() error {
	if s.db == nil {
		return nil
	}
	return s.db.Close()
}

func (s *Store) load() error {
	err := s.db.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists(metaBucket)
		if err != nil {
			return err
		}
		if tx.Bucket(objectsBucket) == nil {
			if err := meta.Put(formatKey, []byte(format)); err != nil {
				return err
			}
		}
		if found := string(meta.Get(formatKey)); found != format {
			return fmt.Errorf("sandbox: %s has format %q and this version reads %q; remove the sandbox with `make clean`",
				s.path, found, format)
		}
		for _, name := range [][]byte{objectsBucket, retiredBucket} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.db.View(func(tx *bbolt.Tx) error {
		err := tx.Bucket(objectsBucket).ForEach(func(k, v []byte) error {
			var r record
			if err := json.Unmarshal(v, &r); err != nil {
				return fmt.Errorf("sandbox: %s: object %q: %w; remove the sandbox with `make clean`", s.path, k, err)
			}
			s.index(parseKey(k), &object{resource.NewPropertyMapFromMap(r.State), r.Names, r.Holds, r.Within, r.Given, r.Locks, r.Global})
			return nil
		})
		if err != nil {
			return err
		}
		return tx.Bucket(retiredBucket).ForEach(func(k, v []byte) error {
			s.retired[parseKey(k)] = string(v)
			return nil
		})
	})
}

func (k key) bytes() []byte { return []byte(k.Type + "\x00" + k.ID) }

func parseKey(b []byte) key {
	typ, id, _ := strings.Cut(string(b), "\x00")
	return key{typ, id}
}

// put writes an object, in memory only after the file has it.
func (s *Store) put(k key, o *object) error {
	if s.db != nil {
		text, err := json.Marshal(record{o.State.Mappable(), o.Names, o.Holds, o.Within, o.Given, o.Locks, o.Global})
		if err != nil {
			return err
		}
		if err := s.write(func(tx *bbolt.Tx) error { return tx.Bucket(objectsBucket).Put(k.bytes(), text) }); err != nil {
			return err
		}
	}
	s.index(k, o)
	return nil
}

func (s *Store) index(k key, o *object) {
	s.unindex(k)
	s.objects[k] = o
	for _, name := range o.Names {
		at := key{k.Type, name}
		s.names[at] = append(s.names[at], k)
	}
}

func (s *Store) unindex(k key) {
	if o := s.objects[k]; o != nil {
		for _, name := range o.Names {
			at := key{k.Type, name}
			s.names[at] = slices.DeleteFunc(s.names[at], func(of key) bool { return of == k })
		}
	}
}

// drop deletes an object and, if retires is given, keeps its id or global name taken.
func (s *Store) drop(k key, retires string) error {
	taken := k
	if o := s.objects[k]; o != nil && o.Global != "" {
		taken = key{k.Type, o.Global}
	}
	if s.db != nil {
		err := s.write(func(tx *bbolt.Tx) error {
			if retires != "" {
				if err := tx.Bucket(retiredBucket).Put(taken.bytes(), []byte(retires)); err != nil {
					return err
				}
			}
			return tx.Bucket(objectsBucket).Delete(k.bytes())
		})
		if err != nil {
			return err
		}
	}
	s.unindex(k)
	delete(s.objects, k)
	for part, o := range s.objects {
		if slices.Contains(o.Within, k) {
			if err := s.drop(part, ""); err != nil {
				return err
			}
		}
	}
	if retires != "" {
		s.retired[taken] = retires
	}
	return nil
}

func (s *Store) write(change func(tx *bbolt.Tx) error) error {
	if err := s.db.Update(change); err != nil {
		return unwritable(s.path, err)
	}
	return nil
}

// named finds the object of one of types that goes by name. Several projects may
// use one name: then it is the one in the project of who asks, if there is one.
func (s *Store) named(types []string, name string, asks resource.PropertyMap) (key, bool) {
	var first *key
	for _, typ := range types {
		for _, k := range s.names[key{typ, name}] {
			if project := s.objects[k].State["project"]; !absent(project) && project.DeepEquals(plain(asks["project"])) {
				return k, true
			}
			if first == nil {
				first = &k
			}
		}
	}
	if first == nil {
		return key{}, false
	}
	return *first, true
}

// locker is an object that keeps all whose ids begin as that of k from being deleted,
// and what it is itself a part of, except those of its own type.
func (s *Store) locker(k key) (key, bool) {
	for other, o := range s.objects {
		if o.Locks != "" && other.Type != k.Type && (k.ID == o.Locks || strings.HasPrefix(k.ID, o.Locks+"/") || strings.HasPrefix(o.Locks, k.ID+"/")) {
			return other, true
		}
	}
	return key{}, false
}

// namesake is another object of the type that has the same global name.
func (s *Store) namesake(k key, global string) (key, bool) {
	for other, o := range s.objects {
		if global != "" && other.Type == k.Type && other != k && o.Global == global {
			return other, true
		}
	}
	return key{}, false
}

// holder is an object that keeps the one at k from being deleted.
func (s *Store) holder(k key) (key, bool) {
	for other, o := range s.objects {
		if slices.Contains(o.Holds, k) {
			return other, true
		}
	}
	return key{}, false
}
