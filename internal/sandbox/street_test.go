package sandbox

import (
	"path/filepath"
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

type plateArgs struct {
	Name string `pulumi:"name"`
	Of   string `pulumi:"of"`
}

type plateInput struct{ pulumi.StringMap }

func (plateInput) ElementType() reflect.Type { return reflect.TypeFor[plateArgs]() }

type plate struct {
	Name pulumi.StringOutput `pulumi:"name"`
}

func init() {
	Describe("street:index:Plate", plateInput{}, plate{})
	Describe("street:index:Bar", plateInput{}, plate{})
}

// street has names that are unique beyond where they live, and what bars others
// from being deleted.
func street() *Package {
	return (&Package{
		Name: "street", Version: "1.0.0", Folder: "here", Config: plateInput{},
		Kinds: []*Kind{
			{Type: "street:index:Plate", ID: "{provider.town}/{of}/{name}", Global: "{name}", Retires: "a year"},
			{Type: "street:index:Bar", ID: "{provider.town}/{of}/bars/{name}", Locks: "{provider.town}/{of}"},
		},
	}).Prepare()
}

// TestGlobalNamesAndLocks: a name that is taken anywhere is taken, and stays so after
// deletion; nothing below a lock can be deleted but the lock. All of it outlives a run.
func TestGlobalNamesAndLocks(t *testing.T) {
	p, path := street(), filepath.Join(t.TempDir(), "clouds.db")
	var s *Store
	reopen := func() {
		if s != nil {
			require.NoError(t, s.Close())
		}
		var err error
		s, err = Open(path)
		require.NoError(t, err)
	}
	object := func(typ, of, name string) *Object {
		k, err := p.Kind("street:index:" + typ)
		require.NoError(t, err)
		return &Object{
			Kind: k, Props: props(map[string]any{"name": name, "of": of}), Config: props(map[string]any{"town": "ulm"}),
			Place: Place{Type: "street:index:Quarter", ID: of},
		}
	}
	create := func(typ, of, name string) error {
		id, _, err := s.create(object(typ, of, name))
		if err == nil {
			require.Contains(t, id, "ulm/"+of+"/")
		}
		return err
	}
	reopen()
	require.NoError(t, create("Plate", "north", "one"))
	require.NoError(t, create("Plate", "northern", "two"))
	require.NoError(t, create("Bar", "north", "b"))
	reopen()
	require.ErrorContains(t, create("Plate", "south", "one"), `the name "one" is taken by "north/ulm/north/one"`)
	require.ErrorContains(t, s.remove("ulm/north/one", object("Plate", "north", "one")), "ScopeLocked")
	require.NoError(t, s.remove("ulm/northern/two", object("Plate", "northern", "two")), "its id only begins with the same letters")
	require.NoError(t, s.remove("ulm/north/bars/b", object("Bar", "north", "b")))
	require.NoError(t, s.remove("ulm/north/one", object("Plate", "north", "one")))
	reopen()
	require.ErrorContains(t, create("Plate", "south", "one"), "keeps the name taken for a year")

	id, known := p.PendingID("street:index:Plate", props(map[string]any{"name": "n", "of": "o"}), props(map[string]any{"town": "ulm"}))
	require.True(t, known)
	require.Equal(t, "ulm/o/n", id)
	_, known = p.PendingID("street:index:Plate", props(map[string]any{"name": "n", "of": "o"}), nil)
	require.False(t, known)
}
