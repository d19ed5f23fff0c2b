// Command update makes the definitions in the current directory anew from the
// modules that README.md names. Raise a version there, then run
// go generate ./internal/kubeapi/crds.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"ai-worker/internal/kubeapi/crds"
)

func main() {
	if err := update(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func update() error {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		return err
	}
	for _, source := range crds.Sources(string(readme)) {
		if source.Module == "" {
			continue // written by hand
		}
		if err := vendor(source); err != nil {
			return fmt.Errorf("%s of %s: %w", source.File, source.Module, err)
		}
	}
	return nil
}

func vendor(source crds.Source) error {
	dir, err := download(source.Module)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(dir, source.File))
	if err != nil {
		return err
	}
	crd := &apiextensions.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(data, crd); err != nil {
		return err
	}
	if crd.Name != source.CRD {
		return fmt.Errorf("it defines %s, not %s", crd.Name, source.CRD)
	}
	reduce(crd, source)
	return write(crd)
}

// download fetches a module into the module cache, and leaves go.mod alone.
func download(module string) (dir string, err error) {
	out, err := exec.CommandContext(context.Background(), "go", "mod", "download", "-json", module).Output() //nolint:gosec // README.md names it, which is reviewed
	var got struct{ Dir, Error string }
	if broken := json.Unmarshal(out, &got); broken != nil {
		return "", errors.Join(err, broken)
	}
	if got.Error != "" {
		return "", errors.New(got.Error)
	}
	return got.Dir, err
}

// reduce leaves what validation needs: names, scope, and of the version that is
// stored the schema without descriptions. Status is any object, since nothing here writes one.
func reduce(crd *apiextensions.CustomResourceDefinition, source crds.Source) {
	crd.ObjectMeta = metav1.ObjectMeta{
		Name:        crd.Name,
		Annotations: map[string]string{"source": source.Module},
	}
	crd.Spec.Conversion = nil
	crd.Status = apiextensions.CustomResourceDefinitionStatus{}
	versions := crd.Spec.Versions
	crd.Spec.Versions = nil
	for _, v := range versions {
		if !v.Storage {
			continue
		}
		v.AdditionalPrinterColumns, v.SelectableFields = nil, nil
		s := v.Schema.OpenAPIV3Schema
		*s = plain("", *s)
		if _, ok := s.Properties["status"]; ok {
			anything := true
			s.Properties["status"] = apiextensions.JSONSchemaProps{Type: "object", XPreserveUnknownFields: &anything}
		}
		crds.Share(s)
		crd.Spec.Versions = append(crd.Spec.Versions, v)
	}
}

func plain(_ string, s apiextensions.JSONSchemaProps) apiextensions.JSONSchemaProps {
	s.Description = ""
	crds.Rewrite(&s, plain)
	return s
}

// write puts every value on its own line, so that an update can be reviewed.
func write(crd *apiextensions.CustomResourceDefinition) error {
	data, err := json.Marshal(crd)
	if err != nil {
		return err
	}
	var o map[string]any
	if err := json.Unmarshal(data, &o); err != nil {
		return err
	}
	delete(o, "status")
	data, err = json.MarshalIndent(o, "", "")
	if err != nil {
		return err
	}
	return os.WriteFile(crd.Name+".json", append(data, '\n'), 0o644) //nolint:gosec // source code
}
