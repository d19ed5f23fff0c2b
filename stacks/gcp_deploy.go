package stacks

import (
	"cmp"
	"slices"

	"ai-worker/components/gcp/githubfederation"
	"ai-worker/config"
)

// What a preview of the stacks reads, and no data: not a stored object, not a
// secret's value, not an image. In the cluster it is all but Secrets.
var (
	planRoles = []string{
		"roles/certificatemanager.viewer",
		"roles/cloudsql.viewer",
		"roles/compute.viewer",
		"roles/container.viewer",
		"roles/iam.securityReviewer",
		"roles/iam.workloadIdentityPoolViewer",
		"roles/secretmanager.viewer",
		"roles/serviceusage.serviceUsageViewer",
	}
	planPermissions = []string{
		"artifactregistry.repositories.get",
		"artifactregistry.repositories.getIamPolicy",
		"storage.buckets.get",
		"storage.buckets.getIamPolicy",
	}
)

// applyRoles are what bringing the stack up takes. Granting roles on the project
// is among them, and whoever can do that can do anything there: hence the
// environment on GitHub that asks for approval.
var applyRoles = []string{
	"roles/artifactregistry.admin",
	"roles/certificatemanager.owner",
	"roles/cloudsql.admin",
	"roles/compute.networkAdmin",
	"roles/compute.securityAdmin",
	"roles/container.admin",
	"roles/iam.roleAdmin",
	"roles/iam.serviceAccountAdmin",
	"roles/iam.serviceAccountUser",
	"roles/iam.workloadIdentityPoolAdmin",
	"roles/resourcemanager.projectIamAdmin",
	"roles/secretmanager.admin",
	"roles/servicenetworking.networksAdmin",
	"roles/serviceusage.serviceUsageAdmin",
	"roles/storage.admin",
}

func deployArgs(s *config.Settings) *githubfederation.Args {
	d, r := s.GCP.Deploy, s.Repository
	refs := []string{"refs/heads/" + r.Branch}
	return &githubfederation.Args{
		Project: s.GCP.Project, OwnerID: r.OwnerID,
		PoolID: cmp.Or(d.PoolID, "github"), ProviderID: cmp.Or(d.ProviderID, "actions"),
		Plan: githubfederation.Plan{
			AccountID: "github-plan", RepositoryID: r.ID, Refs: refs,
			Environment: cmp.Or(d.Plan.Environment, s.Environment+"-plan"),
			Roles:       slices.Concat(planRoles, d.Plan.Roles),
			Permissions: slices.Concat(planPermissions, d.Plan.Permissions),
		},
		Apply: githubfederation.Apply{
			AccountID: "github-apply", RepositoryID: r.ID, Refs: refs, Environment: s.Environment,
			Roles: slices.Concat(applyRoles, d.Apply.Roles),
		},
		Push: githubfederation.Push{
			AccountID: "github-push", RepositoryID: cmp.Or(d.Push.RepositoryID, r.ID), Refs: refs,
			Environment: cmp.Or(d.Push.Environment, s.Environment+"-push"),
		},
		Events: d.Events, AllowSelfHosted: d.AllowSelfHosted, Disabled: d.Disabled, AllowDeletion: d.AllowDeletion,
	}
}
