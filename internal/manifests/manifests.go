// Package manifests builds what Argo CD deploys, and checks it as far as that
// can be known without a cluster: every overlay manifests/<app>/overlays/<environment>
// with Kustomize's own library, every object with the API server's own checks
// (package kubeapi) and a few rules of this house. What the manifests take from
// elsewhere, [References] lists.
//
// A kustomization may use only the fields that are listed in [fields]: no
// plugin, no chart and no remote base, so that nothing is fetched or run.
package manifests

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

	"ai-worker/internal/kubeapi"
)

// Overlay is an app in an environment.
type Overlay struct {
	App         string
	Environment string
	Dir         string           // Dir is "manifests/<app>/overlays/<environment>".
	Objects     []kubeapi.Object // Objects are as built, without the server's defaults.
}

const (
	folder     = "manifests"
	components = "components" // components is the folder in it that is no app
)

// Check builds and checks every overlay below root/manifests. Environments
// gives each environment's namespace; every app must have an overlay for each.
// The error is everything that is wrong with any of them.
func Check(root string, environments map[string]string) ([]Overlay, error) {
	t, err := read(root)
	if err != nil {
		return nil, err
	}
	overlays, problems := t.find(slices.Sorted(maps.Keys(environments)))
	problems = append(problems, t.load(overlays, environments)...)
	together := map[string][]*object{}
	for i := range overlays {
		o := &overlays[i]
		if !t.fit(o.Dir) {
			continue
		}
		var errs []error
		o.Objects, errs = t.build(o.Dir)
		problems = append(problems, errs...)
		for _, raw := range o.Objects {
			checked := newObject(o.Dir, raw)
			problems = append(problems, check(checked)...)
			together[o.Environment] = append(together[o.Environment], checked)
		}
	}
	for _, environment := range slices.Sorted(maps.Keys(together)) {
		problems = append(problems, checkTogether(together[environment])...)
	}
	return overlays, errors.Join(problems...)
}

// find lists the overlays, and what is missing or not looked for.
func (t *tree) find(environments []string) (overlays []Overlay, problems []error) {
	for _, app := range t.list(folder) {
		if app == components {
			continue
		}
		dir := path.Join(folder, app, "overlays")
		found := t.list(dir)
		for _, environment := range environments {
			if !slices.Contains(found, environment) {
				problems = append(problems, fmt.Errorf("%s: there is no overlay %q: every app has one for each environment", path.Join(folder, app), environment))
			}
		}
		for _, environment := range found {
			o := Overlay{App: app, Environment: environment, Dir: path.Join(dir, environment)}
			if !slices.Contains(environments, environment) {
				problems = append(problems, fmt.Errorf("%s: there is no environment %q: want one of %v", o.Dir, environment, environments))
				continue
			}
			overlays = append(overlays, o)
		}
	}
	return overlays, problems
}
