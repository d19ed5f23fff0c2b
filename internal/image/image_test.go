package image_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/image"
)

const overlay = "manifests/app1/overlays/dev/kustomization.yaml"

// repository is a copy of what there is for dev, with texts instead of some files.
func repository(t *testing.T, texts map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for _, file := range []string{"Pulumi.dev.yaml", "Pulumi.stage.yaml", overlay, "manifests/app1/overlays/stage/kustomization.yaml"} {
		text, given := texts[file]
		if !given {
			real, err := os.ReadFile(filepath.Join("../..", file))
			require.NoError(t, err)
			text = string(real)
		}
		path := filepath.Join(root, file)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o640))
	}
	return root
}

// files are all files below root.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		found[name] = string(text)
		return err
	}))
	return found
}

// TestSet changes the tag in the real files, and not a byte more.
func TestSet(t *testing.T) {
	for environment, want := range map[string][]string{
		"dev":   {overlay, "Pulumi.dev.yaml"},
		"stage": {"manifests/app1/overlays/stage/kustomization.yaml"}, // it has no Azure
	} {
		root := repository(t, nil)
		expected := files(t, root)
		for _, file := range want {
			require.Equal(t, 1, strings.Count(expected[file], "3f9c2ab"))
			expected[file] = strings.Replace(expected[file], "3f9c2ab", "0a1b2c3-rc.1", 1)
		}
		got, err := image.Set(root, environment, "app1:0a1b2c3-rc.1")
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, expected, files(t, root))
		info, err := os.Stat(filepath.Join(root, want[0]))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o640), info.Mode())

		got, err = image.Set(root, environment, "app1:0a1b2c3-rc.1")
		require.NoError(t, err)
		require.Empty(t, got, "it is set already")
	}
}

// TestText: a tag stays text, whatever it looks like.
func TestText(t *testing.T) {
	for _, tc := range []struct{ before, tag, after string }{
		{"{name: app1, newTag: old} # why", "1234567", `{name: app1, newTag: "1234567"} # why`},
		{"{name: app1, newTag: old}", "12345e7", `{name: app1, newTag: "12345e7"}`},
		{"{name: app1, newTag: old}", "0x1f", `{name: app1, newTag: "0x1f"}`},
		{"{name: app1, newTag: old}", "on", `{name: app1, newTag: "on"}`},
		{`{newTag: "1234567", name: app1}`, "abcdef0", `{newTag: "abcdef0", name: app1}`},
		{`{name: app1, newTag: '1'}`, "2", `{name: app1, newTag: '2'}`},
		{"{name: é, newTag: é}, {name: app1, newTag: old}", "new", "{name: é, newTag: é}, {name: app1, newTag: new}"},
	} {
		root := repository(t, map[string]string{overlay: "images: [" + tc.before + "\n]\n"})
		_, err := image.Set(root, "dev", "app1:"+tc.tag)
		require.NoError(t, err, tc.before)
		require.Contains(t, files(t, root)[overlay], tc.after)
	}
}

// TestRefusals leave every file as it was.
func TestRefusals(t *testing.T) {
	images := func(text string) map[string]string { return map[string]string{overlay: "images:\n" + text} }
	for _, tc := range []struct {
		texts                    map[string]string
		environment, image, want string
	}{
		{nil, "dev", "app1:latest", "latest is another image tomorrow"},
		{nil, "dev", "app1", "want a name and a tag"},
		{nil, "dev", "app1:a:b", "want a name and a tag"},
		{nil, "dev", "registry.example/app1:a", "want a name and a tag"},
		{nil, "dev", "../app1:a", "want a name and a tag"},
		{nil, "dev", "app2:a", "manifests/app2/overlays/dev/kustomization.yaml: is not there"},
		{nil, "prod", "app1:a", "manifests/app1/overlays/prod/kustomization.yaml: is not there"},
		{images("  - {name: other, newTag: a}\n"), "dev", "app1:a", `there is no "app1" among its images (other)`},
		{map[string]string{overlay: ""}, "dev", "app1:a", `there is no "app1" among its images ()`},
		{images("  - {name: app1}\n"), "dev", "app1:a", "newTag of image app1 is not there"},
		{images("  - {name: app1, digest: x, newTag: b}\n"), "dev", "app1:a", "has a digest"},
		{images("  - name: app1\n    newTag: >-\n      b\n"), "dev", "app1:a", "kustomization.yaml:3: newTag of image app1 is written in a way"},
		{images("  - {name: app1, newTag: &tag b}\n"), "dev", "app1:a", "is written in a way"},
		// the overlay would be fine
		{map[string]string{"Pulumi.dev.yaml": "config: ["}, "dev", "app1:a", "Pulumi.dev.yaml: yaml"},
		{map[string]string{"Pulumi.dev.yaml": "config: {'ai-worker:azure': {image: \"app1\\u003ab\"}}"}, "dev", "app1:a", "ai-worker:azure.image is written in a way"},
	} {
		root := repository(t, tc.texts)
		before := files(t, root)
		got, err := image.Set(root, tc.environment, tc.image)
		require.ErrorContains(t, err, tc.want)
		require.Empty(t, got)
		require.Equal(t, before, files(t, root))
	}
}

// TestOtherImage: settings that run something else are not this image's.
func TestOtherImage(t *testing.T) {
	root := repository(t, map[string]string{"Pulumi.dev.yaml": "config:\n  ai-worker:azure: {image: \"app10:b\"}\n"})
	got, err := image.Set(root, "dev", "app1:a")
	require.NoError(t, err)
	require.Equal(t, []string{overlay}, got)
}
