package kubeapi

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write testdata/stored.golden.yaml")

// valid gives the objects of testdata/valid.yaml.
func valid(t *testing.T) []Object {
	t.Helper()
	data, err := os.ReadFile("testdata/valid.yaml")
	require.NoError(t, err)
	var objects []Object
	for doc := range strings.SplitSeq(string(data), "\n---\n") {
		var o Object
		require.NoError(t, yaml.UnmarshalStrict([]byte(doc), &o))
		objects = append(objects, o)
	}
	return objects
}

// one gives the first valid object of a kind, changed: each change is a path
// and a value, nil to leave it out.
func one(t *testing.T, kind string, changes ...any) Object {
	t.Helper()
	for _, o := range valid(t) {
		if o["kind"] == kind {
			for i := 0; i < len(changes); i += 2 {
				change(o, strings.Split(changes[i].(string), "/"), changes[i+1])
			}
			return o
		}
	}
	t.Fatalf("no valid %s", kind)
	return nil
}

// change sets what a path such as spec/ports/0/name leads to, and makes the
// objects on its way.
func change(in any, path []string, value any) {
	next := value
	switch in := in.(type) {
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil {
			panic(err)
		}
		if len(path) > 1 {
			next = in[i]
		}
		in[i] = next
	case Object:
		if len(path) > 1 {
			if next = in[path[0]]; next == nil {
				next = Object{}
			}
		}
		in[path[0]] = next
		if next == nil {
			delete(in, path[0])
		}
	}
	if len(path) > 1 {
		change(next, path[1:], value)
	}
}

func TestDefaults(t *testing.T) {
	var stored bytes.Buffer
	for _, o := range valid(t) {
		got, problems := Admit(o)
		require.Empty(t, problems, "%s", idOf(o))
		again, problems := AdmitUpdate(o, got)
		require.Empty(t, problems, "%s", idOf(o))
		require.Equal(t, got, again, "the same object is no change")
		again, problems = AdmitUpdate(got, got)
		require.Empty(t, problems, "%s", idOf(o))
		require.Equal(t, got, again, "a stored object is no change")
		text, err := yaml.Marshal(got)
		require.NoError(t, err)
		fmt.Fprintf(&stored, "---\n%s", text)
	}
	const golden = "testdata/stored.golden.yaml"
	if *update {
		require.NoError(t, os.WriteFile(golden, stored.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), stored.String())
}

func TestEveryKindHasAValidObject(t *testing.T) {
	known := map[string]bool{}
	for _, o := range valid(t) {
		id := idOf(o)
		known[id.String()], known[CRD(id.apiVersion, id.kind)] = true, true
	}
	for id := range builtins {
		require.True(t, known[id.String()], "%s", id)
	}
	for _, name := range CRDs() {
		require.True(t, known[name], name)
	}
}
