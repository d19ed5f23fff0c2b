// Package kubernetes simulates a Kubernetes API server behind the Pulumi
// provider of that name: one Kind a resource type. What the server makes of an
// object is told by the server's own code, in internal/kubeapi; what the
// provider adds to it was read in provider v4.23.0.
package kubernetes

import (
	"errors"
	"fmt"
	"slices"

	provider "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"sigs.k8s.io/yaml"

	"ai-worker/internal/sandbox"
)

func init() { sandbox.Offer("kubernetes", Package) }

// Package is Kubernetes as the sandbox has it.
func Package() *sandbox.Package {
	p := &sandbox.Package{
		Name:    "kubernetes",
		Version: "4.23.0",
		Folder:  "internal/sandbox/kubernetes",
		Config:  provider.ProviderArgs{},
		Place:   cluster,
		Moves:   moves,
		Kinds:   slices.Concat(builtinKinds(), customKinds(), helmKinds()),
	}
	return p.Prepare()
}

const clusterType = "gcp:container/cluster:Cluster"

// kubeconfig is what the provider needs of one:
// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
type kubeconfig struct {
	CurrentContext string `json:"current-context"`
	Clusters       []struct {
		Name    string `json:"name"`
		Cluster stanza `json:"cluster"`
	} `json:"clusters"`
	Contexts []struct {
		Name    string `json:"name"`
		Context struct{ Cluster, User, Namespace string }
	} `json:"contexts"`
	Users []struct {
		Name string `json:"name"`
		User map[string]any
	} `json:"users"`
}

type stanza struct {
	Server                   string `json:"server"`
	CertificateAuthorityData string `json:"certificate-authority-data"`
	InsecureSkipTLSVerify    bool   `json:"insecure-skip-tls-verify"`
}

// active is the cluster and the user of the current context.
func (k *kubeconfig) active() (stanza, map[string]any, error) {
	for _, c := range k.Contexts {
		if c.Name != k.CurrentContext {
			continue
		}
		var cluster *stanza
		for i := range k.Clusters {
			if k.Clusters[i].Name == c.Context.Cluster {
				cluster = &k.Clusters[i].Cluster
			}
		}
		if cluster == nil {
			return stanza{}, nil, fmt.Errorf("cluster %q of context %q does not exist", c.Context.Cluster, c.Name)
		}
		for _, u := range k.Users {
			if u.Name == c.Context.User {
				return *cluster, u.User, nil
			}
		}
		return *cluster, nil, nil
	}
	return stanza{}, nil, fmt.Errorf("context %q does not exist", k.CurrentContext)
}

func parse(config resource.PropertyMap) (*kubeconfig, error) {
	text := config["kubeconfig"]
	if !text.IsString() || text.StringValue() == "" {
		return nil, errors.New("the provider has no kubeconfig, and would take what the shell happens to point at")
	}
	k := &kubeconfig{}
	if err := yaml.Unmarshal([]byte(text.StringValue()), k); err != nil {
		return nil, fmt.Errorf("failed to parse kubeconfig data in `kubernetes:config:kubeconfig`: %w", err)
	}
	return k, nil
}

// cluster is the simulated cluster that the provider's kubeconfig leads to.
func cluster(config resource.PropertyMap, find func(typ, name string) (string, bool)) (sandbox.Place, error) {
	unreachable := func(reason error) (sandbox.Place, error) {
		return sandbox.Place{}, fmt.Errorf("configured Kubernetes cluster is unreachable: %w", reason)
	}
	k, err := parse(config)
	if err != nil {
		return unreachable(err)
	}
	at, user, err := k.active()
	if err != nil {
		return unreachable(err)
	}
	id, found := find(clusterType, at.Server)
	if !found {
		return unreachable(fmt.Errorf("unable to load schema information from the API server: dial %s: no simulated cluster has this endpoint",
			at.Server))
	}
	if _, trusted := find(clusterType, at.Server+" "+at.CertificateAuthorityData); !trusted && !at.InsecureSkipTLSVerify {
		return unreachable(fmt.Errorf("unable to load schema information from the API server: %s: x509: certificate signed by unknown authority",
			at.Server))
	}
	if len(user) == 0 {
		return unreachable(errors.New("unable to load schema information from the API server: the server has asked for the client to provide credentials"))
	}
	return sandbox.Place{Type: clusterType, ID: id}, nil
}

// moves are the changes of the provider's configuration that lead to another
// cluster (provider v4.23.0, DiffConfig): that of the identifier, or, where there
// is none, that of the active cluster, be it only its certificate.
func moves(have, want resource.PropertyMap) []resource.PropertyKey {
	had, has := have["clusterIdentifier"], want["clusterIdentifier"]
	if had.IsString() && has.IsString() {
		if had.StringValue() != has.StringValue() {
			return []resource.PropertyKey{"clusterIdentifier"}
		}
		return nil
	}
	if want["kubeconfig"].IsComputed() {
		return []resource.PropertyKey{"kubeconfig"}
	}
	before, err1 := parse(have)
	after, err2 := parse(want)
	if err1 != nil || err2 != nil {
		return []resource.PropertyKey{"kubeconfig"}
	}
	from, _, _ := before.active()
	to, _, _ := after.active()
	if from != to {
		return []resource.PropertyKey{"kubeconfig"}
	}
	return nil
}
