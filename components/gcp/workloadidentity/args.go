package workloadidentity

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Args configures a WorkloadIdentity. The zero value grants nothing but the
// workload's use of its own account.
type Args struct {
	Project string // Project owns the account and is what roles are granted on. Required.
	// Name of the workload, unique in the project: lower-case letters, digits and
	// inner hyphens. [AccountID] of it is the account's id. Required.
	Name string
	// WorkloadPool is the cluster's, "PROJECT.svc.id.goog". Required.
	WorkloadPool pulumi.StringInput
	// Namespace and ServiceAccount are the one Kubernetes service account that may
	// act as the workload. Required.
	Namespace, ServiceAccount string

	// SignURLs lets the workload sign presigned URLs of Cloud Storage, as itself.
	SignURLs bool
	// DatabaseInstance, if given, is the name of the Cloud SQL instance of the same
	// project that the workload may connect and log in to.
	DatabaseInstance pulumi.StringInput
	// Roles are further ones on the project. Grants on a bucket, a secret, a
	// repository or a key belong there, with the Member output, and not here.
	Roles []string
}

const (
	databaseClientRole = "roles/cloudsql.client"       // connect
	databaseUserRole   = "roles/cloudsql.instanceUser" // log in

	maxDatabaseUser = 63 // bytes of a name in PostgreSQL, NAMEDATALEN
)

var (
	poolShape      = regexp.MustCompile(`^[a-z][a-z0-9.:-]*\.svc\.id\.goog$`)
	namespaceShape = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)                              // RFC 1123 label
	ksaShape       = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`) // RFC 1123 subdomain
	roleShape      = regexp.MustCompile(`^(roles|projects/[a-z0-9.:-]+/roles|organizations/[0-9]+/roles)/[a-zA-Z0-9_.]+$`)

	// https://cloud.google.com/iam/docs/roles-overview#basic
	basicRoles = []string{"roles/owner", "roles/editor", "roles/viewer"}
)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var errs []error
	add := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	add(a.Project == "", "project is required")
	add(!nameShape.MatchString(a.Name), "name %q: want lower-case letters, digits and inner hyphens, a letter first", a.Name)
	pool, plain := a.WorkloadPool.(pulumi.String)
	add(a.WorkloadPool == nil, "workloadPool is required")
	add(plain && !poolShape.MatchString(string(pool)), `workloadPool %q: want "PROJECT.svc.id.goog"`, string(pool))
	add(!namespaceShape.MatchString(a.Namespace), "namespace %q: want 1 to 63 lower-case letters, digits and inner hyphens", a.Namespace)
	add(len(a.ServiceAccount) > 253 || !ksaShape.MatchString(a.ServiceAccount),
		"serviceAccount %q: want the name of a Kubernetes service account", a.ServiceAccount)
	if user := AccountID(a.Name) + "@" + a.Project + ".iam"; a.DatabaseInstance != nil {
		add(len(user) > maxDatabaseUser, "name %q: the database user %q has %d bytes, and PostgreSQL takes %d",
			a.Name, user, len(user), maxDatabaseUser)
	}
	for i, role := range a.Roles {
		add(!roleShape.MatchString(role), `roles[%d] %q: want a role such as "roles/cloudtrace.agent"`, i, role)
		add(slices.Contains(basicRoles, role), "roles[%d] %q: a basic role reaches the whole project", i, role)
		add(slices.Contains(a.Roles[:i], role), "roles[%d] %q: given twice", i, role)
		add(role == databaseClientRole || role == databaseUserRole,
			"roles[%d] %q: reaches every instance; databaseInstance grants it on one", i, role)
	}
	return errors.Join(errs...)
}
