package workloadidentity

import (
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
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
)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(a.Project != "", "project is required")
	p.Want(components.IsName(a.Name), "name %q: want lower-case letters, digits and inner hyphens, a letter first", a.Name)
	pool, plain := a.WorkloadPool.(pulumi.String)
	p.Want(a.WorkloadPool != nil, "workloadPool is required")
	p.Want(!plain || poolShape.MatchString(string(pool)), `workloadPool %q: want "PROJECT.svc.id.goog"`, string(pool))
	p.Want(namespaceShape.MatchString(a.Namespace), "namespace %q: want 1 to 63 lower-case letters, digits and inner hyphens", a.Namespace)
	p.Want(len(a.ServiceAccount) <= 253 && ksaShape.MatchString(a.ServiceAccount),
		"serviceAccount %q: want the name of a Kubernetes service account", a.ServiceAccount)
	if user := AccountID(a.Name) + "@" + a.Project + ".iam"; a.DatabaseInstance != nil {
		p.Want(len(user) <= maxDatabaseUser, "name %q: the database user %q has %d bytes, and PostgreSQL takes %d",
			a.Name, user, len(user), maxDatabaseUser)
	}
	gcp.CheckRoles(&p, "roles", a.Roles)
	for i, role := range a.Roles {
		p.Want(role != databaseClientRole && role != databaseUserRole,
			"roles[%d] %q: reaches every instance; databaseInstance grants it on one", i, role)
	}
	return p.Err()
}
