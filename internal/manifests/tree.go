package manifests

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// tree is a copy of the manifests in memory: what is not in it cannot be read.
type tree struct {
	files filesys.FileSystem
	names []string // names of the files
	// kustomizations are those that overlays build on, by their folders.
	kustomizations map[string]*kustomization
	used           map[string]bool // used are the files that these name, and they themselves
}

func read(root string) (*tree, error) {
	t := &tree{files: filesys.MakeFsInMemory(), kustomizations: map[string]*kustomization{}, used: map[string]bool{}}
	dir := os.DirFS(root)
	err := fs.WalkDir(dir, folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		t.names = append(t.names, name)
		return t.files.WriteFile(absolute(name), text)
	})
	if err != nil {
		return nil, fmt.Errorf("manifests: %w", err)
	}
	return t, nil
}

// absolute is a name in the file system that Kustomize sees.
func absolute(name string) string { return string(filepath.Separator) + filepath.FromSlash(name) }

// list names the folders in a folder.
func (t *tree) list(dir string) []string {
	names, _ := t.files.ReadDir(absolute(dir)) // none in a folder that does not exist
	return slices.DeleteFunc(slices.Sorted(slices.Values(names)), func(name string) bool {
		return !t.files.IsDir(absolute(path.Join(dir, name)))
	})
}

// load reads all kustomizations that the overlays build on.
func (t *tree) load(overlays []Overlay, namespaces map[string]string) (problems []error) {
	for _, o := range overlays {
		t.visit(o.Dir)
		// it is the one of all objects, whatever they and what they come from say
		if k := t.kustomizations[o.Dir]; len(k.problems) == 0 && k.Namespace != namespaces[o.Environment] {
			k.refuse("namespace %q: want %q", k.Namespace, namespaces[o.Environment])
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(t.kustomizations)) {
		problems = append(problems, t.kustomizations[dir].problems...)
	}
	if len(problems) == 0 { // else a file may be used by what could not be read
		problems = t.unused()
	}
	return problems
}

// fit says whether Kustomize may build a folder.
func (t *tree) fit(dir string) bool {
	k := t.kustomizations[dir]
	return len(k.problems) == 0 && !slices.ContainsFunc(k.on, func(on string) bool { return !t.fit(on) })
}

// unused reports the files that no overlay comes to.
func (t *tree) unused() (problems []error) {
	for _, name := range t.names {
		if path.Ext(name) != ".md" && !t.used[name] {
			problems = append(problems, fmt.Errorf("%s: no overlay uses it", name))
		}
	}
	return problems
}

// fields are what a kustomization may use. The others fetch or run something,
// make what the stack makes, give names that the stack cannot know, or are deprecated.
var fields = []string{"apiVersion", "kind", "namespace", "resources", "components", "labels", "patches", "images", "replicas"}

// kustomization is a file kustomization.yaml.
type kustomization struct {
	file string
	types.Kustomization
	on       []string // on are the folders that it builds on
	open     bool     // open while these are read
	problems []error
}

func (k *kustomization) refuse(format string, args ...any) {
	k.problems = append(k.problems, fmt.Errorf("%s: %w", k.file, fmt.Errorf(format, args...)))
}

// remote is what only the address of something remote has in it; without a
// scheme, Kustomize takes just GitHub for one.
var remote = regexp.MustCompile(`(?i)[:@?]|^github\.com/`)

// visit reads the kustomization of a folder and all that it builds on, and
// refuses what Kustomize itself would go and fetch.
func (t *tree) visit(dir string) {
	if t.kustomizations[dir] != nil {
		return
	}
	k := &kustomization{file: path.Join(dir, "kustomization.yaml"), open: true}
	defer func() { k.open = false }()
	t.kustomizations[dir], t.used[k.file] = k, true
	k.read(t.files)
	name := func(field string, i int, to string) {
		switch file := path.Join(dir, to); {
		case remote.MatchString(to):
			k.refuse("%s[%d] %q is remote: want what is in this repository", field, i, to)
		case !t.files.Exists(absolute(file)):
			k.refuse("%s[%d] %q: there is no %s", field, i, to, file)
		case t.kustomizations[file] != nil && t.kustomizations[file].open:
			k.refuse("%s[%d] %q builds on this itself", field, i, to)
		case t.files.IsDir(absolute(file)):
			k.on = append(k.on, file)
			t.visit(file)
		default:
			t.used[file] = true
		}
	}
	for i, to := range k.Resources {
		name("resources", i, to)
	}
	for i, to := range k.Components {
		name("components", i, to)
	}
	for i, patch := range k.Patches {
		if patch.Path != "" {
			name("patches", i, patch.Path)
		}
	}
}

func (k *kustomization) read(files filesys.FileSystem) {
	text, err := files.ReadFile(absolute(k.file))
	if err != nil {
		k.refuse("is missing")
		return
	}
	var given map[string]any
	if err := yaml.UnmarshalStrict(text, &given); err != nil {
		k.refuse("%w", err)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(fields, key) {
			k.refuse("field %q: want one of %s", key, strings.Join(fields, ", "))
		}
	}
	if len(k.problems) > 0 {
		return
	}
	if err := yaml.UnmarshalStrict(text, &k.Kustomization); err != nil {
		k.refuse("%w", err)
	}
}
