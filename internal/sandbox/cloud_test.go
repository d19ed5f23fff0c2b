package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
)

// The kinds of these tests are made of SDK-like structs of their own, so that
// they are about the frame and not about a cloud.

type shelfArgs struct {
	Name  *string           `pulumi:"name"`
	Room  string            `pulumi:"room"`
	Tags  map[string]string `pulumi:"tags"`
	Bolts []bolt            `pulumi:"bolts"`
	Depth *int              `pulumi:"depth"`
}

type bolt struct {
	Size  int     `pulumi:"size"`
	Grade *string `pulumi:"grade"`
}

type shelfInput struct{ pulumi.StringMap }

func (shelfInput) ElementType() reflect.Type { return reflect.TypeFor[shelfArgs]() }

type shelf struct {
	Name  pulumi.StringOutput    `pulumi:"name"`
	Room  pulumi.StringOutput    `pulumi:"room"`
	Tags  pulumi.StringMapOutput `pulumi:"tags"`
	Bolts pulumi.ArrayOutput     `pulumi:"bolts"`
	Depth pulumi.IntOutput       `pulumi:"depth"`
	Link  pulumi.StringOutput    `pulumi:"link"`
}

type roomArgs struct {
	Name   string `pulumi:"name"`
	Locked *bool  `pulumi:"locked"`
}

type roomInput struct{ pulumi.StringMap }

func (roomInput) ElementType() reflect.Type { return reflect.TypeFor[roomArgs]() }

type room struct {
	Name   pulumi.StringOutput  `pulumi:"name"`
	Locked pulumi.BoolPtrOutput `pulumi:"locked"`
}

func init() {
	Describe("house:index:Shelf", shelfInput{}, shelf{})
	Describe("house:index:Room", roomInput{}, room{})
}

func house() *Package {
	return (&Package{
		Name: "house", Version: "1.0.0", Folder: "here", Config: roomInput{},
		Kinds: []*Kind{
			{
				Type: "house:index:Shelf",
				ID:   "{room}/{name}", Outputs: map[string]string{"link": "house://{room}/{name}"},
				Defaults: map[string]any{"bolts[].grade": "A2"},
				Rules:    map[string]Rule{"bolts[].grade": OneOf("A2", "A4"), "bolts[].size": Between(3, 12)},
				Checks:   []Check{Exclusive("depth", "tags")},
				Replace:  []string{"room", "bolts[].size"},
				Refs:     map[string]Ref{"room": Holds("house:index:Room")},
				Fill:     func(o *Object) { o.Default("depth", 30) },
				Forgets:  func(o *Object) bool { return o.Num("depth") == 77 },
				Births:   []Check{Refuse(func(o *Object) bool { return o.Num("depth") > 90 }, "a new shelf is at most 90 deep")},
				ReplaceWhen: func(have, want *Object) []string {
					if want.Has("depth") && want.Num("depth") < have.Num("depth") {
						return []string{"depth"}
					}
					return nil
				},
			},
			{
				Type: "house:index:Room", ID: "{name}", Names: []string{"rooms/{name}"},
				Retires: "a week",
				Guard: func(o *Object) error {
					if o.Bool("locked") {
						return errors.New("locked")
					}
					return nil
				},
			},
		},
	}).Prepare()
}

func props(m map[string]any) resource.PropertyMap { return resource.NewPropertyMapFromMap(m) }

func made(t *testing.T, s *Store, p *Package, typ string, m map[string]any) (string, error) {
	t.Helper()
	k, err := p.Kind(typ)
	require.NoError(t, err)
	id, _, err := s.create(&Object{Kind: k, Props: props(m)})
	return id, err
}

func deleted(t *testing.T, s *Store, p *Package, typ, id string) error {
	t.Helper()
	k, err := p.Kind(typ)
	require.NoError(t, err)
	state, _ := s.read(typ, id, Place{})
	return s.remove(id, &Object{Kind: k, Props: state})
}

func TestStructureAndRules(t *testing.T) {
	valid := map[string]any{"room": "r", "bolts": []any{map[string]any{"size": 8}}}
	for name, tc := range map[string]struct {
		change map[string]any
		want   string
	}{
		"unknown":     {map[string]any{"colour": "red"}, "colour: unknown property"},
		"nested":      {map[string]any{"bolts": []any{map[string]any{"size": 8, "thread": 1}}}, "bolts[0].thread: unknown property"},
		"missing":     {map[string]any{"room": nil}, "room: missing required property"},
		"deep":        {map[string]any{"bolts": []any{map[string]any{"grade": "A2"}}}, "bolts[0].size: missing required property"},
		"mistyped":    {map[string]any{"bolts": "many"}, "bolts: want a list, got string"},
		"fraction":    {map[string]any{"depth": 1.5}, "depth: want an integer, got number"},
		"map":         {map[string]any{"tags": map[string]any{"a": 1}}, "tags[a]: want a string, got number"},
		"enum":        {map[string]any{"bolts": []any{map[string]any{"size": 8, "grade": "B"}}}, `bolts[0].grade: "B" is none of A2, A4`},
		"range":       {map[string]any{"bolts": []any{map[string]any{"size": 80}}}, "bolts[0].size: 80 is not between 3 and 12"},
		"not a range": {map[string]any{"bolts": []any{map[string]any{"size": "8"}}}, "bolts[0].size: want an integer, got string"},
		"exclusive":   {map[string]any{"depth": 3, "tags": map[string]any{"a": "b"}}, "depth, tags exclude each other"},
		"all at once": {map[string]any{"colour": "red", "depth": "deep"}, "colour: unknown property; depth: want an integer"},
	} {
		t.Run(name, func(t *testing.T) {
			inputs := props(valid)
			for key, value := range tc.change {
				inputs[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
			}
			_, _, err := house().Register("house:index:Shelf", "s", inputs, nil)
			require.ErrorContains(t, err, tc.want)
		})
	}
	id, state, err := house().Register("house:index:Shelf", "s", props(valid), nil)
	require.NoError(t, err)
	require.Regexp(t, `^r/s-[0-9a-f]{7}$`, id, "an optional name is invented")
	require.Equal(t, "house://"+id, state["link"].StringValue())
	require.Equal(t, "A2", state["bolts"].ArrayValue()[0].ObjectValue()["grade"].StringValue(), "a default is an input")

	_, _, err = house().Register("house:index:Lamp", "l", nil, nil)
	require.ErrorContains(t, err, "does not simulate house:index:Lamp: add a Kind to here")
}

func TestConflictsReferencesAndProtection(t *testing.T) {
	s, p := NewStore(), house()
	_, err := made(t, s, p, "house:index:Shelf", map[string]any{"room": "r", "name": "s"})
	require.ErrorContains(t, err, `error 404: house:index:Shelf "r/s": room refers to "r", and there is no such house:index:Room`)

	_, err = made(t, s, p, "house:index:Room", map[string]any{"name": "r", "locked": true})
	require.NoError(t, err)
	_, err = made(t, s, p, "house:index:Room", map[string]any{"name": "r"})
	require.ErrorContains(t, err, "error 409: house:index:Room \"r\" already exists")

	_, err = made(t, s, p, "house:index:Shelf", map[string]any{"room": "rooms/r", "name": "s"})
	require.NoError(t, err, "another of its names")
	require.ErrorContains(t, deleted(t, s, p, "house:index:Room", "r"), "locked")
	require.NoError(t, s.Change("house:index:Room", "r", "locked", false))
	require.ErrorContains(t, deleted(t, s, p, "house:index:Room", "r"), `is in use by house:index:Shelf "rooms/r/s"`)
	require.NoError(t, deleted(t, s, p, "house:index:Shelf", "rooms/r/s"))
	require.NoError(t, deleted(t, s, p, "house:index:Room", "r"))
	require.NoError(t, deleted(t, s, p, "house:index:Room", "r"), "deleting what is gone is done")

	_, err = made(t, s, p, "house:index:Room", map[string]any{"name": "r"})
	require.ErrorContains(t, err, "keeps the name taken for a week")
	require.Empty(t, s.List())
}

// TestForgotten: what Pulumi lets go of is still there, and cannot be made again.
func TestForgotten(t *testing.T) {
	s, p := NewStore(), house()
	shelf := map[string]any{"room": "r", "name": "s", "depth": 77}
	_, err := made(t, s, p, "house:index:Room", map[string]any{"name": "r"})
	require.NoError(t, err)
	_, err = made(t, s, p, "house:index:Shelf", shelf)
	require.NoError(t, err)
	require.NoError(t, deleted(t, s, p, "house:index:Shelf", "r/s"))
	require.Len(t, s.List(), 2)
	_, err = made(t, s, p, "house:index:Shelf", shelf)
	require.ErrorContains(t, err, `error 409: house:index:Shelf "r/s" already exists`)
}

func TestDiff(t *testing.T) {
	k, err := house().Kind("house:index:Shelf")
	require.NoError(t, err)
	inputs := map[string]any{"name": "s", "room": "r", "bolts": []any{map[string]any{"size": 8, "grade": "A2"}}, "tags": map[string]any{"a.b": "c"}}
	for name, tc := range map[string]struct {
		old, new, state map[string]any
		ignore          []string
		want            map[string]string
	}{
		"same":              {},
		"computed is none":  {state: map[string]any{"depth": 30}},
		"added":             {new: map[string]any{"depth": 3}, want: map[string]string{"depth": "add"}},
		"drift":             {state: map[string]any{"tags": map[string]any{"a.b": "x"}}, want: map[string]string{`tags["a.b"]`: "update"}},
		"drift added":       {state: map[string]any{"tags": map[string]any{"a.b": "c", "d": "e"}}, want: map[string]string{`tags["d"]`: "delete"}},
		"drift ignored":     {state: map[string]any{"tags": map[string]any{"a.b": "x"}}, ignore: []string{"tags"}},
		"removed":           {new: map[string]any{"tags": nil}, want: map[string]string{"tags": "delete"}},
		"replaces":          {new: map[string]any{"room": "q"}, want: map[string]string{"room": "update-replace"}},
		"nested replaces":   {new: map[string]any{"bolts": []any{map[string]any{"size": 9, "grade": "A2"}}}, want: map[string]string{"bolts[0].size": "update-replace"}},
		"grows":             {old: map[string]any{"depth": 3}, state: map[string]any{"depth": 3}, new: map[string]any{"depth": 4}, want: map[string]string{"depth": "update"}},
		"shrinks":           {old: map[string]any{"depth": 3}, state: map[string]any{"depth": 3}, new: map[string]any{"depth": 2}, want: map[string]string{"depth": "update-replace"}},
		"longer list":       {new: map[string]any{"bolts": []any{map[string]any{"size": 8, "grade": "A2"}, map[string]any{"size": 4}}}, want: map[string]string{"bolts[1]": "add"}},
		"computed, removed": {old: map[string]any{"depth": 3}, state: map[string]any{"depth": 3}},
	} {
		t.Run(name, func(t *testing.T) {
			overlay := func(changes ...map[string]any) resource.PropertyMap {
				m := props(inputs)
				for _, change := range changes {
					for key, value := range change {
						m[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
					}
				}
				return m
			}
			d := k.diff(overlay(tc.old), overlay(tc.old, tc.state), overlay(tc.new), tc.ignore, nil)
			got := map[string]string{}
			for path, change := range d.DetailedDiff {
				got[path] = change.Kind.String()
			}
			if tc.want == nil {
				tc.want = map[string]string{}
			}
			require.Equal(t, tc.want, got)
		})
	}
	first := func(news map[string]any) bool {
		return k.diff(props(inputs), props(inputs), props(news), nil, nil).DeleteBeforeReplace
	}
	require.True(t, first(map[string]any{"name": "s", "room": "q"}), "a chosen name may be taken while the old object is there")
	require.True(t, first(map[string]any{"name": "s2", "room": "q"}), "the provider does not look whether it changed")
	require.False(t, first(map[string]any{"name": "s-1a2b3c4", "room": "q", "__invented": true}))
	require.False(t, first(map[string]any{"name": "s", "room": "r", "depth": 3}), "nothing is replaced")
}

// TestBirths: what holds of new objects only is refused in a preview already, and
// not of those that are there.
func TestBirths(t *testing.T) {
	p := &provider{pkg: house(), store: NewStore()}
	ctx := connections{}.TagConn(t.Context(), nil)
	urn := resource.URN("urn:pulumi:s::p::house:index:Shelf::s")
	deep := props(map[string]any{"name": "s", "room": "r", "depth": 99})
	_, err := p.Create(ctx, plugin.CreateRequest{URN: urn, Properties: deep, Preview: true})
	require.ErrorContains(t, err, "a new shelf is at most 90 deep")

	_, err = made(t, p.store, p.pkg, "house:index:Room", map[string]any{"name": "r"})
	require.NoError(t, err)
	shallow := props(map[string]any{"name": "s", "room": "r", "depth": 9})
	created, err := p.Create(ctx, plugin.CreateRequest{URN: urn, Properties: shallow})
	require.NoError(t, err)
	updated, err := p.Update(ctx, plugin.UpdateRequest{
		URN: urn, ID: created.ID, OldInputs: shallow, OldOutputs: created.Properties, NewInputs: deep,
	})
	require.NoError(t, err)
	require.InDelta(t, 99, updated.Properties["depth"].NumberValue(), 0)
}

func TestStoreSurvivesItsProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "clouds.db")
	s, err := Open(path)
	require.NoError(t, err)
	_, err = made(t, s, house(), "house:index:Room", map[string]any{"name": "r", "locked": true})
	require.NoError(t, err)
	_, err = made(t, s, house(), "house:index:Shelf", map[string]any{"room": "rooms/r", "name": "s"})
	require.NoError(t, err)

	_, err = Open(path)
	require.ErrorContains(t, err, "in use by another run")
	before := s.List()
	require.NoError(t, s.Close())

	s, err = Open(path)
	require.NoError(t, err)
	require.Equal(t, before, s.List())
	require.NoError(t, s.Change("house:index:Room", "r", "locked", false))
	require.ErrorContains(t, deleted(t, s, house(), "house:index:Room", "r"), "in use by")
	require.NoError(t, s.Remove("house:index:Shelf", "rooms/r/s"))
	require.NoError(t, deleted(t, s, house(), "house:index:Room", "r"))
	require.NoError(t, s.Close())

	s, err = Open(path)
	require.NoError(t, err)
	_, err = made(t, s, house(), "house:index:Room", map[string]any{"name": "r"})
	require.ErrorContains(t, err, "taken for a week")
	require.ErrorContains(t, s.Remove("house:index:Room", "x"), "the sandbox holds no house:index:Room")
	require.NoError(t, s.Close())
}

func TestOpenRefusesWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "old.db")
	s, err := Open(old)
	require.NoError(t, err)
	require.NoError(t, s.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Put(formatKey, []byte("0")) }))
	require.NoError(t, s.Close())
	_, err = Open(old)
	require.ErrorContains(t, err, `has format "0" and this version reads "1"; remove the sandbox with `+"`make clean`")

	junk := filepath.Join(dir, "junk.db")
	require.NoError(t, os.WriteFile(junk, make([]byte, 70000), 0o600))
	_, err = Open(junk)
	require.ErrorContains(t, err, "is no sandbox store")

	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = Open(filepath.Join(file, "clouds.db"))
	require.ErrorContains(t, err, "cannot keep state in")
}

func TestGiven(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.yaml")
	require.NoError(t, os.WriteFile(path, []byte("- {type: 'house:index:Room', inputs: {name: r}}\n"), 0o600))
	s := NewStore()
	require.NoError(t, s.Give(path, house()))
	require.NoError(t, s.Give(path, house()), "a second time changes nothing")
	require.Len(t, s.List(), 1)
	require.True(t, s.List()[0].Given)
	require.NoError(t, NewStore().Give(path+".none", house()))

	require.NoError(t, os.WriteFile(path, []byte("- {type: 'house:index:Room', inputs: {nam: r}}\n"), 0o600))
	require.ErrorContains(t, NewStore().Give(path, house()), "entry 0: nam: unknown property; name: missing required property")
}

func TestFaults(t *testing.T) {
	f, err := ParseFault("create house:index:Room 2 fail")
	require.NoError(t, err)
	s := NewStore()
	s.Inject(f)
	require.Empty(t, s.fault("create", "house:index:Room").Do)
	require.Empty(t, s.fault("delete", "house:index:Room").Do)
	require.Equal(t, "fail", s.fault("create", "house:index:Room").Do)
	require.Empty(t, s.fault("create", "house:index:Room").Do)
	for _, bad := range []string{"", "create x 1", "make x 1 fail", "create x 0 fail", "create x 1 soon"} {
		_, err := ParseFault(bad)
		require.ErrorContains(t, err, "want \"<create|read|update|delete> <type> <nth> <fail|deny|cut|hang|DURATION>\"", bad)
	}
}
