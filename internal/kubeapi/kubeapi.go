// Package kubeapi is what a Kubernetes API server makes of an object, without
// a server. It links the server's own code, version 1.35: decoding, defaults,
// and what the registry of each kind checks on create and on update. Custom
// kinds come from the definitions in crds.
//
// It knows one object at a time: whether a name is taken, a namespace exists or
// a quota is used up is the caller's to know, as is what admission webhooks
// and controllers do.
package kubeapi

import (
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"

	"ai-worker/internal/kubeapi/crds"
)

// Object is an object as JSON has it.
type Object = map[string]any

// Admit does what the server does on create: it refuses unknown fields and
// wrong types, fills in defaults and validates. It returns the object as it
// would be stored, and everything wrong with it; after a wrong type the object
// is nil.
//
// What the server makes at random is fixed here: metadata.uid is kept, or
// derived from kind, namespace and name, and so is what generateName generates;
// metadata.creationTimestamp is kept, or left out.
func Admit(o Object) (Object, []Problem) { return admit(o, nil) }

// AdmitUpdate does the same for a change of old, which Admit returned, into o.
// It refuses changes of immutable fields. What o leaves out and only the server
// gives (uid, cluster IP of a Service, selector of a Job) stays as in old.
func AdmitUpdate(o, old Object) (Object, []Problem) { return admit(o, old) }

// Namespaced says whether a kind lives in a namespace; known is false for a
// kind that this package does not know.
func Namespaced(apiVersion, kind string) (namespaced, known bool) {
	if k := find(kindID{apiVersion, kind}); k != nil {
		return k.NamespaceScoped(), true
	}
	return false, false
}

// CRD is the name of the custom resource definition behind a custom kind, such
// as "externalsecrets.external-secrets.io", or empty for a built-in or unknown one.
func CRD(apiVersion, kind string) string {
	if k := customKind(kindID{apiVersion, kind}); k != nil {
		return k.crd.Name
	}
	return ""
}

// CRDs lists the names of all custom resource definitions that it knows.
func CRDs() []string { return crds.Names() }

// Schema is the structural schema of a custom kind, for tests that compare Go
// structs with it. It is not to be changed.
func Schema(apiVersion, kind string) (*schema.Structural, bool) {
	if k := customKind(kindID{apiVersion, kind}); k != nil {
		return k.compiled().schema, true
	}
	return nil, false
}
