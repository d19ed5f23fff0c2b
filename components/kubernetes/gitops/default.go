package gitops

// defaultProject takes the place of the project that Argo CD makes when it first
// starts, and that permits everything. It is a hook of the release: Helm deletes
// what has its name before it makes it, and only then looks for its CRD, which
// comes with the same release. A resource of its own would find the name taken. What
// somebody changes in it, only the next upgrade of the release takes back.
var defaultProject = project{
	APIVersion: APIVersion,
	Kind:       "AppProject",
	Metadata: projectMetadata{
		Name: "default",
		Annotations: map[string]string{
			"helm.sh/hook":               "post-install,post-upgrade",
			"helm.sh/hook-delete-policy": "before-hook-creation",
		},
	},
	// https://argo-cd.readthedocs.io/en/stable/user-guide/projects/#the-default-project
	Spec: lockedSpec{NamespaceResourceBlacklist: []Kind{{"*", "*"}}},
}

type project struct {
	APIVersion string          `json:"apiVersion"`
	Kind       string          `json:"kind"`
	Metadata   projectMetadata `json:"metadata"`
	Spec       lockedSpec      `json:"spec"`
}

type projectMetadata struct {
	Name        string            `json:"name"`
	Annotations map[string]string `json:"annotations"`
}

// lockedSpec permits no repository, no destination and no kind.
type lockedSpec struct {
	NamespaceResourceBlacklist []Kind `json:"namespaceResourceBlacklist"`
}
