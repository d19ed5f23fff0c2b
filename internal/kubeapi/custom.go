package kubeapi

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/common"

	"ai-worker/internal/kubeapi/crds"
)

// custom is a kind that a definition in crds describes. It does what the
// server does for every custom resource, see k8s.io/apiextensions-apiserver
// pkg/apiserver/customresource_handler.go and pkg/registry/customresource.
type custom struct {
	plain
	crd *apiextensionsv1.CustomResourceDefinition
	// compiled takes longer than reading the definition: it is made when an
	// object needs it.
	compiled func() compiled
}

// compiled is a schema made ready for use.
type compiled struct {
	schema    *structuralschema.Structural
	validator validation.SchemaValidator
	rules     *cel.Validator
}

// customKind reads the definition of a kind at its first use, nil if there is none.
func customKind(id kindID) *custom {
	gv, singular := id.groupVersion(), strings.ToLower(id.kind)
	for _, plural := range []string{singular + "s", singular + "es", strings.TrimSuffix(singular, "y") + "ies"} {
		k := definition(plural + "." + gv.Group)
		if k != nil && k.crd.Spec.Names.Kind == id.kind && k.version().Name == gv.Version {
			return k
		}
	}
	return nil
}

var definitions sync.Map // of func() *custom, by name

// definition reads a definition once, nil if there is none of this name.
func definition(name string) *custom {
	read, _ := definitions.LoadOrStore(name, sync.OnceValue(func() *custom {
		crd := crds.Read(name)
		if crd == nil {
			return nil
		}
		k := &custom{crd: crd}
		k.compiled = sync.OnceValue(k.compile)
		return k
	}))
	return read.(func() *custom)()
}

// version is the only one that crds keeps.
func (k *custom) version() apiextensionsv1.CustomResourceDefinitionVersion {
	return k.crd.Spec.Versions[0]
}

func (k *custom) compile() compiled {
	props := &apiextensions.JSONSchemaProps{}
	must := func(err error) {
		if err != nil {
			panic(fmt.Sprintf("%s: %v", k.crd.Name, err)) // it is embedded, and tested
		}
	}
	must(apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(k.version().Schema.OpenAPIV3Schema, props, nil))
	s, err := structuralschema.NewStructural(props)
	must(err)
	s = s.DeepCopy()
	must(defaulting.PruneDefaults(s))
	v, _, err := validation.NewSchemaValidator(props)
	must(err)
	return compiled{s, v, cel.NewValidator(s, true, celconfig.PerCallLimit)}
}

// decode prunes what the schema does not know, and fills in its defaults.
func (k *custom) decode(o Object) (runtime.Object, []Problem) {
	u := &unstructured.Unstructured{}
	data, err := json.Marshal(o)
	if err == nil {
		err = utiljson.Unmarshal(data, &u.Object) // tells integers from other numbers
	}
	if err != nil {
		return nil, []Problem{{"", err.Error()}}
	}
	m, unknown, err := metadataOf(u.Object)
	if err != nil {
		return nil, unreadable(o, func(o Object) error { _, _, err := metadataOf(o); return err })
	}
	s := k.compiled().schema
	unknown = append(unknown, pruning.PruneWithOptions(u.Object, s, true, structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})...)
	defaulting.PruneNonNullableNullsWithoutDefaults(u.Object, s)
	refused, embedded := objectmeta.CoerceWithOptions(nil, u.Object, s, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if refused != nil {
		return nil, []Problem{{refused.Field, refused.ErrorBody()}}
	}
	if err := objectmeta.SetObjectMeta(u.Object, m); err != nil {
		return nil, []Problem{{"metadata", err.Error()}}
	}
	defaulting.Default(u.Object, s)
	var problems []Problem
	for _, path := range append(unknown, embedded...) {
		problems = append(problems, Problem{path, "unknown field"})
	}
	return u, problems
}

func metadataOf(o Object) (m *metav1.ObjectMeta, unknown []string, err error) {
	m, _, unknown, err = objectmeta.GetObjectMetaWithOptions(o, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	return m, unknown, err
}

func (k *custom) encode(o runtime.Object) (Object, error) {
	return roundTrip(o.(*unstructured.Unstructured).Object)
}

func (k *custom) NamespaceScoped() bool {
	return k.crd.Spec.Scope == apiextensionsv1.NamespaceScoped
}

func (k *custom) hasStatus() bool {
	sub := k.version().Subresources
	return sub != nil && sub.Status != nil
}

func (k *custom) PrepareForCreate(_ context.Context, o runtime.Object) {
	u := o.(*unstructured.Unstructured)
	if k.hasStatus() {
		delete(u.Object, "status")
	}
	u.SetGeneration(1)
}

func (k *custom) PrepareForUpdate(_ context.Context, o, old runtime.Object) {
	u, before := o.(*unstructured.Unstructured), old.(*unstructured.Unstructured)
	if k.hasStatus() {
		delete(u.Object, "status")
		if status, ok := before.Object["status"]; ok {
			u.Object["status"] = status
		}
	}
	if !equality.Semantic.DeepEqual(content(u), content(before)) {
		u.SetGeneration(before.GetGeneration() + 1)
	}
}

func content(u *unstructured.Unstructured) Object {
	o := maps.Clone(u.Object)
	delete(o, "metadata")
	return o
}

func (k *custom) Validate(ctx context.Context, o runtime.Object) field.ErrorList {
	u, c := o.(*unstructured.Unstructured), k.compiled()
	errs := apivalidation.ValidateObjectMetaAccessor(u, k.NamespaceScoped(), apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	errs = append(errs, validation.ValidateCustomResource(nil, u.Object, c.validator)...)
	errs = append(errs, objectmeta.Validate(nil, u.Object, c.schema, false)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, c.schema, u.Object)...)
	return append(errs, c.obey(ctx, errs, u.Object, nil)...)
}

func (k *custom) ValidateUpdate(ctx context.Context, o, old runtime.Object) field.ErrorList {
	u, before, c := o.(*unstructured.Unstructured), old.(*unstructured.Unstructured), k.compiled()
	// what was wrong before and did not change is let through
	unchanged := common.NewCorrelatedObject(u.Object, before.Object, &model.Structural{Structural: c.schema})
	errs := validation.ValidateCustomResourceUpdate(nil, u.Object, before.Object, c.validator, validation.WithRatcheting(unchanged))
	errs = append(errs, objectmeta.Validate(nil, u.Object, c.schema, false)...)
	if len(listtype.ValidateListSetsAndMaps(nil, c.schema, before.Object)) == 0 {
		errs = append(errs, listtype.ValidateListSetsAndMaps(nil, c.schema, u.Object)...)
	}
	return append(errs, c.obey(ctx, errs, u.Object, before.Object, cel.WithRatcheting(unchanged))...)
}

// obey checks the rules (x-kubernetes-validations), unless the object has not
// the form that they rely on.
func (c compiled) obey(ctx context.Context, wrong field.ErrorList, o, old Object, options ...cel.Option) field.ErrorList {
	if c.rules == nil || slices.ContainsFunc(wrong, func(err *field.Error) bool { return blocking[err.Type] }) {
		return nil
	}
	var before any
	if old != nil {
		before = old
	}
	errs, _ := c.rules.Validate(ctx, nil, c.schema, o, before, celconfig.RuntimeCELCostBudget, options...)
	return errs
}

var blocking = map[field.ErrorType]bool{
	field.ErrorTypeNotSupported: true, field.ErrorTypeRequired: true, field.ErrorTypeTooLong: true,
	field.ErrorTypeTooMany: true, field.ErrorTypeTypeInvalid: true,
}
