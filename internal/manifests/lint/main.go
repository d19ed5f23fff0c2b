// Program lint checks the manifests of every environment that has settings; run
// it in the root of the repository.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ai-worker/config"
	"ai-worker/internal/manifests"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string) error {
	namespaces, err := environments(root)
	if err != nil {
		return err
	}
	overlays, err := manifests.Check(root, namespaces)
	if err != nil {
		return err
	}
	objects := 0
	for _, o := range overlays {
		objects += len(o.Objects)
	}
	fmt.Printf("%d objects in %d overlays\n", objects, len(overlays))
	return nil
}

// environments gives the namespace of each environment on Google Cloud, from
// its settings.
func environments(root string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	if err != nil {
		return nil, err
	}
	namespaces, problems := map[string]string{}, []error(nil)
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "Pulumi."), ".yaml")
		if strings.Contains(name, "-") {
			continue // a stack's link to its environment
		}
		settings, err := config.LoadFile(file, name+"-gcp")
		if err != nil {
			problems = append(problems, err)
			continue
		}
		namespaces[name] = settings.GCP.Namespace
	}
	if len(namespaces) == 0 && len(problems) == 0 {
		problems = append(problems, fmt.Errorf("%s: there is no Pulumi.<environment>.yaml; run this in the root of the repository", root))
	}
	return namespaces, errors.Join(problems...)
}
