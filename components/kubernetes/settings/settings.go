// Package settings makes the ConfigMap with the facts of the cloud that the
// application needs, so that no manifest repeats one: a pod takes all of its keys
// as environment variables, or one by its name.
//
// Children of a component NAME:
//
//	NAME-config  kubernetes:core/v1:ConfigMap  always
//
// It is not immutable: manifests refer to it by its one name, so that its values
// must be able to change under it. The provider makes a ConfigMap of the same name
// anew for that, and in between there is none, unless its enableConfigMapMutable
// is set. Pods see new values when they are started anew.
package settings

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:kubernetes:Settings"

// Args configures Settings.
type Args struct {
	Name      string             // Name of the ConfigMap. It cannot change. Required.
	Namespace pulumi.StringInput // Namespace that it is in. It cannot change. Required.
	// Values by their keys: upper-case letters, digits and underscores, a letter
	// first. None of them may be a secret: whoever sees the namespace reads them.
	Values map[string]pulumi.StringInput
	// Named are further values, by a prefix of their keys and a name; see [Key].
	Named  map[string]map[string]pulumi.StringInput
	Labels map[string]string // Labels of the ConfigMap.
}

// https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html
var keyShape = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// Key is the key of something that has a name: Key("BUCKET", "my-uploads") is
// BUCKET_MY_UPLOADS. An empty prefix leaves the name alone.
func Key(prefix, name string) string {
	return strings.TrimPrefix(prefix+"_", "_") + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	kubernetes.CheckName(&p, "name", a.Name)
	kubernetes.CheckNameInput(&p, "namespace", a.Namespace)
	kubernetes.CheckLabels(&p, "labels", a.Labels)
	origin := map[string]string{}
	a.each(func(key, field string, value pulumi.StringInput) {
		p.Want(keyShape.MatchString(key), "%s: the key %q: want upper-case letters, digits and underscores, a letter first", field, key)
		p.Want(value != nil, "%s: want a value", field)
		p.Want(origin[key] == "", "%s: the key %s is that of %s too", field, key, origin[key])
		origin[key] = field
	})
	p.Want(len(origin) > 0, "values: want at least one")
	return p.Err()
}

// each visits every value with its key, and the field of Args that it is from.
func (a *Args) each(visit func(key, field string, value pulumi.StringInput)) {
	for _, key := range slices.Sorted(maps.Keys(a.Values)) {
		visit(key, fmt.Sprintf("values[%q]", key), a.Values[key])
	}
	for _, prefix := range slices.Sorted(maps.Keys(a.Named)) {
		for _, name := range slices.Sorted(maps.Keys(a.Named[prefix])) {
			visit(Key(prefix, name), fmt.Sprintf("named[%q][%q]", prefix, name), a.Named[prefix][name])
		}
	}
}

// Settings is the component; its tagged fields are its outputs.
type Settings struct {
	pulumi.ResourceState

	Name pulumi.StringOutput `pulumi:"name"` // Name of the ConfigMap, known once it exists.
}

// New registers the component and its child, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Settings, error) {
	c := &Settings{}
	build := func(child components.Child) error {
		data := pulumi.StringMap{}
		args.each(func(key, _ string, value pulumi.StringInput) { data[key] = value })
		config, err := corev1.NewConfigMap(ctx, child.Name("config"), &corev1.ConfigMapArgs{
			Metadata: kubernetes.Metadata(pulumi.String(args.Name), args.Namespace, args.Labels, nil),
			Data:     data,
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("config: %w", err)
		}
		c.Name = config.Metadata.Name().Elem()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}
