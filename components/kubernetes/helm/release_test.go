package helm_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/kubernetes/helm"
)

// inputs are what the engine sees of the arguments.
var inputs = helm.ReleaseArgs{}.ElementType()

// What is written out here is what the SDK has: every field of ours with the same
// name, the same type, and so required or optional, and the same tag.
func TestTypesAreTheSDKs(t *testing.T) {
	sdk := sdkStructs(t)
	for _, ours := range []reflect.Type{
		reflect.TypeFor[helm.Release](), reflect.TypeFor[helm.ReleaseStatus](), reflect.TypeFor[helm.ReleaseArgs](), inputs,
		reflect.TypeFor[helm.RepositoryOpts](), reflect.TypeFor[helm.RepositoryOptsArgs](),
	} {
		theirs := sdk[ours.Name()]
		require.NotEmpty(t, theirs, "%s: the SDK has no such struct", ours.Name())
		for i := range ours.NumField() {
			field := ours.Field(i)
			if field.Anonymous {
				continue
			}
			got := strings.ReplaceAll(field.Type.String(), "helm.", "") + " " + string(field.Tag)
			require.Equal(t, theirs[field.Name], got, "%s.%s", ours.Name(), field.Name)
		}
	}
}

// The SDK may come to require an input that New does not give.
func TestEveryRequiredInputIsThere(t *testing.T) {
	for name, field := range sdkStructs(t)["releaseArgs"] {
		typ, _, _ := strings.Cut(field, " ")
		if strings.HasPrefix(typ, "*") || strings.HasPrefix(typ, "map[") || strings.HasPrefix(typ, "[]") {
			continue // optional
		}
		_, found := inputs.FieldByName(name)
		require.True(t, found, "the SDK requires %s", name)
	}
}

// sdkStructs are the structs of the SDK's package, by name; a field is its type
// and its tag. They are read and not linked, which is what this package is for.
func sdkStructs(t *testing.T) map[string]map[string]string {
	t.Helper()
	module := "github.com/pulumi/pulumi-kubernetes/sdk/v4"
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	require.NoError(t, err)
	structs := map[string]map[string]string{}
	for _, name := range []string{"release.go", "pulumiTypes.go"} {
		path := filepath.Join(strings.TrimSpace(string(dir)), "go", "kubernetes", "helm", "v3", name)
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				structs[spec.Name.Name] = fieldsOf(t, s)
			}
			return false
		})
	}
	return structs
}

func fieldsOf(t *testing.T, s *ast.StructType) map[string]string {
	t.Helper()
	fields := map[string]string{}
	for _, f := range s.Fields.List {
		tag := ""
		if f.Tag != nil {
			unquoted, err := strconv.Unquote(f.Tag.Value)
			require.NoError(t, err)
			tag = unquoted
		}
		for _, name := range f.Names {
			fields[name.Name] = strings.ReplaceAll(types.ExprString(f.Type), "interface{}", "interface {}") + " " + tag
		}
	}
	return fields
}
