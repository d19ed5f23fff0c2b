package manifests

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"slices"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"

	"ai-worker/internal/kubeapi"
)

// build makes the objects of an overlay, as `kustomize build` does.
func (t *tree) build(dir string) (objects []kubeapi.Object, problems []error) {
	options := krusty.MakeDefaultOptions() // no plugins, and no file from outside a kustomization's folder
	built, err := krusty.MakeKustomizer(options).Run(t.files, absolute(dir))
	var text []byte
	if err == nil {
		text, err = json.Marshal(built.Resources())
	}
	if err == nil {
		err = json.Unmarshal(text, &objects)
	}
	if err != nil {
		return nil, []error{fmt.Errorf("%s: kustomize: %w", dir, err)}
	}
	return objects, t.idle(dir, dir, built, objects)
}

// idle reports what Kustomize passes over in silence: a patch whose target
// selects no object, and an image that no container has.
func (t *tree) idle(overlay, dir string, built resmap.ResMap, objects []kubeapi.Object) (problems []error) {
	k := t.kustomizations[dir]
	for _, on := range k.on {
		problems = append(problems, t.idle(overlay, on, built, objects)...)
	}
	for i, patch := range k.Patches {
		if patch.Target == nil {
			continue // then it must find the object that it names
		}
		if hit, err := built.Select(*patch.Target); err != nil || len(hit) == 0 {
			problems = append(problems, fmt.Errorf("%s: patches[%d].target: selects no object of %s", k.file, i, overlay))
		}
	}
	for i, image := range k.Images {
		if name := cmp.Or(image.NewName, image.Name); !slices.ContainsFunc(objects, func(o kubeapi.Object) bool { return runs(o, name) }) {
			problems = append(problems, fmt.Errorf("%s: images[%d].name %q: no container of %s has this image", k.file, i, image.Name, overlay))
		}
	}
	return problems
}

// runs says whether an object runs an image, of whatever tag.
func runs(raw kubeapi.Object, name string) bool {
	_, all := newObject("", raw).containers()
	for _, c := range all {
		if i := splitImage(c.Image); path.Join(i.registry, i.name) == name {
			return true
		}
	}
	return false
}
