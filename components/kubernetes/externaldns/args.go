package externaldns

import (
	"cmp"
	"regexp"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// Args configures an ExternalDNS. The zero value of an option is the strong choice.
type Args struct {
	// Namespace that it runs in and looks at: its HTTPRoutes and Gateways. Required.
	Namespace pulumi.StringInput
	// ServiceAccount of it in Namespace, which is there already. Required.
	ServiceAccount pulumi.StringInput
	// TokenSecret has a token of Cloudflare that may read the zone and edit its
	// records, and no other zone's. Required.
	TokenSecret SecretKey

	Zone   string             // Zone is its name, "ai-worker.example". Required.
	ZoneID pulumi.StringInput // ZoneID is Cloudflare's id of it. Required.
	// Domains are the names that are dynamic, each with all below it, inside the zone:
	// "dev.ai-worker.example". At least one.
	Domains []string
	// Static are the names that others write, such as the Cloudflare stack. None may
	// be in Domains, but those with a label that begins with "_", which no HTTPRoute
	// can have: "_acme-challenge.dev.ai-worker.example" stays theirs.
	Static []string
	// Owner tells in the zone whose a record is: an id of cluster and environment, as
	// "main-dev", that nobody else has. Changed, all its records are nobody's. Required.
	Owner string

	Interval string // Interval of looking at everything again, as "10m"; empty means "5m".
	// Proxied sends traffic through Cloudflare where a route does not say otherwise.
	Proxied bool
	// AllowRecordDeletion deletes a record when its route is gone. Else it stays, and
	// with it a name for an address that may come to be somebody else's.
	AllowRecordDeletion bool

	ChartVersion string // ChartVersion other than that of [Chart], exact.
}

// SecretKey is a value in a Secret.
type SecretKey struct {
	Name pulumi.StringInput // Name of the Secret in the namespace. Required.
	Key  string             // Key in it. Required.
}

// maxOwner leaves room for what stands before it in the 63 characters of a name.
const maxOwner = 63 - len(releaseName+"-")

// https://developers.cloudflare.com/fundamentals/account/find-account-and-zone-ids/
var zoneIDShape = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	kubernetes.CheckNameInput(&p, "namespace", a.Namespace)
	kubernetes.CheckNameInput(&p, "serviceAccount", a.ServiceAccount)
	kubernetes.CheckNameInput(&p, "tokenSecret.name", a.TokenSecret.Name)
	p.Want(len(validation.IsConfigMapKey(a.TokenSecret.Key)) == 0, "tokenSecret.key %q: want the key in the Secret", a.TokenSecret.Key)
	p.Want(a.ZoneID != nil, "zoneID is required")
	if known, ok := a.ZoneID.(pulumi.String); ok {
		p.Want(zoneIDShape.MatchString(string(known)), "zoneID %q: want 32 hexadecimal digits", string(known))
	}
	a.checkNames(&p)
	kubernetes.CheckName(&p, "owner", a.Owner)
	p.Want(len(a.Owner) <= maxOwner, "owner %q: want at most %d characters", a.Owner, maxOwner)
	p.Want(a.Owner != "default", `owner "default": is everybody's who sets none`)
	interval, err := time.ParseDuration(a.interval())
	p.Want(err == nil && interval >= time.Minute, `interval %q: want a duration of at least a minute, such as "10m"`, a.Interval)
	Chart.At(a.ChartVersion).Check(&p, "chartVersion")
	return p.Err()
}

// interval is long, since changes of routes are seen at once: all that use
// Cloudflare's API in one account share 1,200 requests in five minutes.
func (a *Args) interval() string { return cmp.Or(a.Interval, "5m") }
