package gitops

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones are known on every machine alike

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/robfig/cron/v3"
	"k8s.io/apimachinery/pkg/util/validation"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// Args configures a GitOps. The zero value of an option is the strong choice.
type Args struct {
	// Name of the ApplicationSet, before the app's name also of each Application:
	// "ai-worker-prod". It cannot change. Required.
	Name    string
	Project string // Project is the AppProject's name; empty means Name. It cannot change.

	ArgoNamespace pulumi.StringInput // ArgoNamespace is that of Argo CD. Required.
	Namespace     pulumi.StringInput // Namespace that is deployed to, and no other. Required.

	Repository string // Repository is the https URL of the only repository. Required.
	Branch     string // Branch that is deployed. Required.
	// Apps are the folders: manifests/APP/overlays/ENVIRONMENT. At least one.
	Apps        []string
	Environment string // Environment is the overlay. Required.

	// Kinds that manifests may hold; nil means [DefaultKinds]. None of them may
	// be one without a namespace.
	Kinds []Kind
	// Others are objects in the namespace that Argo CD does not make; of those kinds,
	// it warns of any that is neither its own nor here.
	Others []Resource
	// SyncWindows are when syncs may run or may not; without one they always may.
	SyncWindows []SyncWindow
	// Annotations of each Application. A subscription to notifications is one:
	// "notifications.argoproj.io/subscribe.on-sync-failed.slack".
	Annotations map[string]string

	// Automated deploys each commit at once, removes what it no longer has and
	// reverts what others change. Else somebody syncs.
	Automated bool
	// AllowCascade lets workloads go with their Application, and an Application with
	// its app or with the ApplicationSet.
	AllowCascade bool
	// AllowDeletion lifts the protection: project and ApplicationSet can be
	// destroyed, and are not left in the cluster.
	AllowDeletion bool
}

// Kind is a kind of object.
type Kind struct {
	Group string `json:"group"` // Group of its API; empty means the core.
	Kind  string `json:"kind"`  // Required.
}

// Resource is one object.
type Resource struct {
	Kind
	Name string `json:"name"` // Required.
}

// SyncWindow is a recurring time in which syncs may run or may not:
// https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/
type SyncWindow struct {
	Kind     string // Kind is allow or deny; deny wins. Required.
	Schedule string // Schedule of its begin, as "0 22 * * 5": minute, hour, day, month, weekday. Required.
	Duration string // Duration, as "8h". Required.
	TimeZone string // TimeZone of the schedule, as "Asia/Tokyo"; empty means UTC.
	// AllowManual lets somebody sync although the window forbids it.
	AllowManual bool
}

// DefaultKinds are what the manifests use. What gives rights is not among them:
// accounts, roles and secrets come from the stack. Pods and ReplicaSets are there
// because Argo CD shows, and judges the health of, permitted children only.
var DefaultKinds = []Kind{
	{"", "Pod"},
	{"", "Service"},
	{"apps", "Deployment"},
	{"apps", "ReplicaSet"},
	{"autoscaling", "HorizontalPodAutoscaler"},
	{"batch", "Job"},
	{"gateway.networking.k8s.io", "Gateway"},
	{"gateway.networking.k8s.io", "HTTPRoute"},
	{"networking.gke.io", "GCPBackendPolicy"},
	{"networking.gke.io", "HealthCheckPolicy"},
	{"networking.k8s.io", "NetworkPolicy"},
	{"policy", "PodDisruptionBudget"},
}

var (
	branchShape = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$`)
	kindShape   = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	// schedules are read as Argo CD does, without names such as "@daily"
	schedules = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
)

func (a *Args) project() string { return cmp.Or(a.Project, a.Name) }

func (a *Args) kinds() []Kind {
	if a.Kinds == nil {
		return DefaultKinds
	}
	return a.Kinds
}

// Validate implements components.Args: every problem at once, or nil. No "*" and no
// template gets through it: each would open the project to more than is named.
func (a *Args) Validate() error {
	var p components.Problems
	kubernetes.CheckName(&p, "name", a.Name)
	kubernetes.CheckName(&p, "project", a.project())
	p.Want(a.project() != "default", `project "default": is where Argo CD puts what names no project`)
	kubernetes.CheckNameInput(&p, "argoNamespace", a.ArgoNamespace)
	kubernetes.CheckNameInput(&p, "namespace", a.Namespace)
	p.Want(a.Namespace == nil || a.Namespace != a.ArgoNamespace, "namespace: is Argo CD's own; what can write there can change the project")
	repository, err := url.Parse(a.Repository)
	p.Want(err == nil && repository.Scheme == "https" && repository.Host != "" && len(repository.Path) > 1 && repository.User == nil &&
		!strings.ContainsAny(a.Repository, "*!{}?# "), `repository %q: want one https URL without a user, such as "https://github.com/example/ai-worker"`, a.Repository)
	p.Want(branchShape.MatchString(a.Branch) && a.Branch != "HEAD" && !strings.Contains(a.Branch, ".."),
		`branch %q: want a branch such as "main"`, a.Branch)
	p.Want(len(a.Apps) > 0, "apps: want at least one")
	for i, app := range a.Apps {
		kubernetes.CheckName(&p, fmt.Sprintf("apps[%d]", i), app)
	}
	p.Distinct("apps", a.Apps)
	kubernetes.CheckName(&p, "environment", a.Environment)
	a.checkProject(&p)
	for _, key := range slices.Sorted(maps.Keys(a.Annotations)) {
		p.Want(len(validation.IsQualifiedName(strings.ToLower(key))) == 0, "annotations[%q]: want a key such as \"example.com/key\"", key)
		p.Want(!strings.Contains(a.Annotations[key], "{{"), "annotations[%q] %q: is a template", key, a.Annotations[key])
	}
	return p.Err()
}

func (a *Args) checkProject(p *components.Problems) {
	p.Want(len(a.kinds()) > 0, "kinds: want at least one; to Argo CD none is every kind")
	for i, kind := range a.kinds() {
		kind.check(p, fmt.Sprintf("kinds[%d]", i))
	}
	for i, other := range a.Others {
		at := fmt.Sprintf("others[%d]", i)
		other.check(p, at)
		kubernetes.CheckName(p, at+".name", other.Name)
	}
	for i, w := range a.SyncWindows {
		at := fmt.Sprintf("syncWindows[%d]", i)
		p.OneOf(at+".kind", w.Kind, "allow", "deny")
		_, err := schedules.Parse(w.Schedule)
		p.Want(err == nil && !strings.HasPrefix(w.Schedule, "TZ=") && !strings.HasPrefix(w.Schedule, "CRON_TZ="),
			`%s.schedule %q: want minute, hour, day, month and weekday, such as "0 22 * * 5"`, at, w.Schedule)
		length, err := time.ParseDuration(w.Duration)
		p.Want(err == nil && length >= time.Minute, `%s.duration %q: want a duration of at least a minute, such as "8h"`, at, w.Duration)
		_, err = time.LoadLocation(w.TimeZone)
		p.Want(err == nil && w.TimeZone != "Local", `%s.timeZone %q: want a time zone such as "Asia/Tokyo", or none for UTC`, at, w.TimeZone)
	}
}

func (k Kind) check(p *components.Problems, field string) {
	p.Want(k.Group == "" || len(validation.IsDNS1123Subdomain(k.Group)) == 0, `%s.group %q: want a group such as "apps", or none for the core`, field, k.Group)
	p.Want(kindShape.MatchString(k.Kind), `%s.kind %q: want one kind such as "Deployment"`, field, k.Kind)
}
