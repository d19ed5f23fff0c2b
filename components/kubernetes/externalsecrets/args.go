package externalsecrets

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// Args configures the secrets of one workload.
type Args struct {
	// Name of the workload, which its store, its ExternalSecret and the Secret get
	// too: "api". It cannot change. Required.
	Name      string
	Namespace pulumi.StringInput // Namespace of the workload. Required.
	// ServiceAccount of the workload, annotated with its Google account, as which its
	// secrets are read. Required.
	ServiceAccount pulumi.StringInput
	// TokenCreator is the operator's account, which gets the right to act as
	// ServiceAccount. Nil where the operator may act as any account already, as it
	// may in an installation that does not come from [NewOperator].
	TokenCreator *Account

	Project pulumi.StringInput // Project owns the secrets. Required.

	// The cluster that the workload runs in, for workload identity. Required.
	ClusterProject  pulumi.StringInput
	ClusterLocation pulumi.StringInput // ClusterLocation is a region or a zone.
	ClusterName     pulumi.StringInput

	// Secrets of Secret Manager, by names that become the keys of the Secret:
	// "openai-api-key" becomes OPENAI_API_KEY. Each is an id in Project, or
	// "projects/P/secrets/ID". Required.
	Secrets map[string]pulumi.StringInput
	// Versions pins some of Secrets to a version; the others follow the latest.
	Versions map[string]int
	// RefreshInterval of the values, as "30m", at least a minute; empty means "1h".
	// Each refresh reads every secret, and Secret Manager counts each read.
	RefreshInterval string
}

// Account is a service account of Kubernetes.
type Account struct {
	Namespace pulumi.StringInput // Required.
	Name      pulumi.StringInput // Required.
}

const defaultInterval = time.Hour

// https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
var secretShape = regexp.MustCompile(`^(projects/[a-z0-9.:-]+/secrets/)?[a-zA-Z0-9_-]{1,255}$`)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	kubernetes.CheckName(&p, "name", a.Name)
	kubernetes.CheckNameInput(&p, "namespace", a.Namespace)
	kubernetes.CheckNameInput(&p, "serviceAccount", a.ServiceAccount)
	if c := a.TokenCreator; c != nil {
		kubernetes.CheckNameInput(&p, "tokenCreator.namespace", c.Namespace)
		kubernetes.CheckNameInput(&p, "tokenCreator.name", c.Name)
	}
	p.Want(a.Project != nil, "project is required")
	p.Want(a.ClusterProject != nil, "clusterProject is required")
	p.Want(a.ClusterLocation != nil, "clusterLocation is required")
	p.Want(a.ClusterName != nil, "clusterName is required")
	a.checkSecrets(&p)
	interval, err := a.interval()
	p.Want(err == nil && interval >= time.Minute, `refreshInterval %q: want a duration of at least a minute, such as "30m"`, a.RefreshInterval)
	return p.Err()
}

func (a *Args) checkSecrets(p *components.Problems) {
	p.Want(len(a.Secrets) > 0, "secrets: want at least one")
	kubernetes.CheckKeys(p, "secrets", a.Secrets)
	for _, name := range slices.Sorted(maps.Keys(a.Secrets)) {
		p.Want(a.Secrets[name] != nil, "secrets[%q]: want the id of a secret", name)
		if known, ok := a.Secrets[name].(pulumi.String); ok {
			_, err := secretID(string(known))
			p.Want(err == nil, "secrets[%q]: %v", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Versions)) {
		_, known := a.Secrets[name]
		p.Want(known, "versions[%q]: is none of the secrets %s", name, strings.Join(slices.Sorted(maps.Keys(a.Secrets)), ", "))
		p.Want(a.Versions[name] >= 1, "versions[%q] %d: want the number of a version, at least 1", name, a.Versions[name])
	}
}

func (a *Args) interval() (time.Duration, error) {
	if a.RefreshInterval == "" {
		return defaultInterval, nil
	}
	return time.ParseDuration(a.RefreshInterval)
}

// Key is the key in the Secret for a name: "openai-api-key" gives OPENAI_API_KEY.
func Key(name string) string { return strings.ToUpper(strings.ReplaceAll(name, "-", "_")) }

// secretID is the id of a secret, which is what the operator wants: it puts the
// project and the version around it itself.
func secretID(name string) (string, error) {
	if !secretShape.MatchString(name) {
		return "", fmt.Errorf(`%q: want the id of a secret, or "projects/P/secrets/ID" without a version`, name)
	}
	return name[strings.LastIndex(name, "/")+1:], nil
}
