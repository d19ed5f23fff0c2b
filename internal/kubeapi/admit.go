package kubeapi

import (
	"cmp"
	"context"
	"crypto/sha1" //nolint:gosec // names, no secrets
	"encoding/json"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/klog/v2"
)

// kindID names a kind as an object does.
type kindID struct{ apiVersion, kind string }

func (id kindID) String() string { return `"` + id.apiVersion + " " + id.kind + `"` }

// groupVersion is empty if apiVersion is malformed, and then known to nobody.
func (id kindID) groupVersion() schema.GroupVersion {
	gv, _ := schema.ParseGroupVersion(id.apiVersion)
	return gv
}

func idOf(o Object) kindID {
	apiVersion, _ := o["apiVersion"].(string)
	kind, _ := o["kind"].(string)
	return kindID{apiVersion, kind}
}

// kind is what the server does with the objects of a kind.
type kind interface {
	strategy
	// decode gives the server's form of an object with its defaults, and what
	// it had to leave out; nil if the object cannot be read at all.
	decode(o Object) (runtime.Object, []Problem)
	// encode gives the object as the server's clients see it.
	encode(o runtime.Object) (Object, error)
}

// strategy is what the server's registry of a kind does on create and update.
type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

// find gives a kind, or nil.
func find(id kindID) kind {
	if s, ok := builtins[id]; ok {
		return builtin{s, id}
	}
	if k := customKind(id); k != nil {
		return k
	}
	return nil
}

func admit(o, old Object) (Object, []Problem) {
	id := idOf(o)
	k := find(id)
	if k == nil {
		return nil, []Problem{{"kind", fmt.Sprintf("no matches for kind %q in version %q; add a built-in kind to internal/kubeapi/builtin.go, a custom one to internal/kubeapi/crds", id.kind, id.apiVersion)}}
	}
	obj, problems := k.decode(o)
	if obj == nil {
		return nil, problems
	}
	m, err := meta.Accessor(obj)
	if err != nil {
		panic(err) // every kind has metadata
	}
	ctx := requestFor(id, m.GetNamespace())
	switch {
	case old == nil:
		identify(id, m)
		err = rest.BeforeCreate(k, ctx, obj)
	case idOf(old) != id:
		return nil, []Problem{{"kind", id.String() + " cannot replace " + idOf(old).String()}}
	default:
		before, wrong := k.decode(old)
		if before == nil {
			return nil, wrong
		}
		given := m.GetResourceVersion()
		m.SetResourceVersion("1") // an update names the version that it changes
		err = rest.BeforeUpdate(k, ctx, obj, before)
		m.SetResourceVersion(given)
	}
	problems = append(problems, causes(err)...)
	stored, err := k.encode(obj)
	if err != nil {
		problems = append(problems, Problem{"", err.Error()})
	}
	slices.SortFunc(problems, func(a, b Problem) int { // schemas report in the order of a map
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Detail, b.Detail))
	})
	return stored, problems
}

// requestFor is the request as far as strategies look at it.
func requestFor(id kindID, namespace string) context.Context {
	ctx := klog.NewContext(context.Background(), klog.Logger{}) // problems are returned, not logged
	gv := id.groupVersion()
	return request.WithRequestInfo(request.WithNamespace(ctx, namespace), &request.RequestInfo{APIGroup: gv.Group, APIVersion: gv.Version})
}

// identify gives a new object what the server would make at random.
func identify(id kindID, m metav1.Object) {
	base := cmp.Or(m.GetName(), m.GetGenerateName())
	sum := sha1.Sum([]byte(id.String() + m.GetNamespace() + "/" + base)) //nolint:gosec // names, no secrets
	if m.GetName() == "" && base != "" {
		m.SetName(fmt.Sprintf("%s%x", base, sum[:3])[:len(base)+5])
	}
	if m.GetUID() == "" {
		m.SetUID(types.UID(fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])))
	}
}

// roundTrip gives o as JSON has it.
func roundTrip(o any) (Object, error) {
	data, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var out Object
	return out, json.Unmarshal(data, &out)
}
