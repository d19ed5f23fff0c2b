package stacks

import (
	"fmt"
	"strings"

	provider "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/kubernetes/externaldns"
	"ai-worker/components/kubernetes/externalsecrets"
	"ai-worker/components/kubernetes/gitops"
	"ai-worker/components/kubernetes/namespace"
	"ai-worker/components/kubernetes/settings"
	"ai-worker/components/kubernetes/workloadaccount"
	"ai-worker/config"
	"ai-worker/stacks/contract"
)

// kubernetesProgram is the stack <environment>-kubernetes.
var kubernetesProgram = program{
	after: []string{"gcp"},
	check: func(s *config.Settings) error { return newObjects(s).check() },
	run:   kubernetes,
}

func kubernetes(ctx *pulumi.Context, s *config.Settings) error {
	o := newObjects(s)
	gcp, facts, err := contract.Import[contract.GCP](ctx, Name(s.Environment, "gcp"))
	if err != nil {
		return err
	}
	if err := contract.Ahead(ctx, o.missing(s, facts)...); err != nil {
		return err
	}
	o.fill(gcp, facts)
	cluster, err := clusterProvider(ctx, gcp)
	if err != nil {
		return err
	}
	space, err := namespace.New(ctx, "namespace", o.namespace, cluster)
	if err != nil {
		return err
	}
	// Nothing is made before the namespace: one that exists already is somebody
	// else's, and the refusal must leave nothing behind.
	in := pulumi.Composite(cluster, pulumi.DependsOn([]pulumi.Resource{space.Object}))
	for _, name := range sorted(o.accounts) {
		o.accounts[name].Namespace = space.Name
		if _, err := workloadaccount.New(ctx, name, o.accounts[name], in); err != nil {
			return err
		}
	}
	if err := o.makeSecrets(ctx, space, in); err != nil {
		return err
	}
	o.settings.Namespace = space.Name
	if _, err := settings.New(ctx, "settings", o.settings, in); err != nil {
		return err
	}
	if err := o.makeGitOps(ctx, space, in); err != nil {
		return err
	}
	names, owner := []string{}, pulumi.String("").ToStringOutput()
	if o.dns != nil {
		o.dns.Namespace = space.Name
		dns, err := externaldns.New(ctx, "external-dns", o.dns, in)
		if err != nil {
			return err
		}
		names, owner = o.dns.Domains, dns.Owner
	}
	return contract.Export(ctx, &contract.Kubernetes{
		Namespace:          space.Name,
		GatewayAddressName: gcp.IngressAddressName, GatewayAddress: gcp.IngressAddress,
		DNSNames: pulumi.ToStringArray(names).ToStringArrayOutput(), DNSOwner: owner,
	})
}

// makeSecrets makes the secrets of the workloads, after the operator if the stack
// installs it.
func (o *objects) makeSecrets(ctx *pulumi.Context, space *namespace.Namespace, in pulumi.ResourceOption) error {
	var actor *externalsecrets.Account
	if o.operator != nil {
		operator, err := externalsecrets.NewOperator(ctx, "external-secrets", o.operator, in)
		if err != nil {
			return err
		}
		actor = &externalsecrets.Account{Namespace: operator.Namespace, Name: operator.ServiceAccount}
		in = pulumi.Composite(in, pulumi.DependsOn([]pulumi.Resource{operator.Release})) // its definitions and its webhook
	}
	for _, name := range sorted(o.secrets) {
		args := o.secrets[name]
		args.Namespace, args.ServiceAccount, args.TokenCreator = space.Name, pulumi.String(o.accounts[name].Name), actor
		made, err := externalsecrets.New(ctx, name, args, in)
		if err != nil {
			return err
		}
		if o.dns != nil && name == o.dnsWorkload {
			o.dns.TokenSecret.Name = made.SecretName
		}
	}
	return nil
}

// makeGitOps lets Argo CD deploy here, after Argo CD itself if the stack installs it.
func (o *objects) makeGitOps(ctx *pulumi.Context, space *namespace.Namespace, in pulumi.ResourceOption) error {
	if o.argo != nil {
		argo, err := gitops.NewArgoCD(ctx, "argocd", o.argo, in)
		if err != nil {
			return err
		}
		o.gitops.ArgoNamespace = argo.Namespace
		in = pulumi.Composite(in, pulumi.DependsOn([]pulumi.Resource{argo.Release}))
	}
	o.gitops.Namespace, o.gitops.Others = space.Name, o.ours()
	_, err := gitops.New(ctx, "gitops", o.gitops, in)
	return err
}

// missing is what the settings name and the gcp stack, as it was last brought up,
// does not give. Of one that never was, nothing is known yet.
func (o *objects) missing(s *config.Settings, facts contract.Facts) []error {
	if facts == nil {
		return nil
	}
	stack := Name(s.Environment, "gcp")
	var errs []error
	for _, name := range sorted(o.accounts) {
		if !facts.Has("workloads", name) {
			errs = append(errs, fmt.Errorf("workload %q is in the settings, and stack %s gives it no identity: bring that stack up first", name, stack))
		} else if bound := facts.Text("serviceAccounts", name); bound != o.accounts[name].Name {
			errs = append(errs, fmt.Errorf("workload %q runs as service account %q by the settings, and stack %s gives its identity to %q: bring that stack up first",
				name, o.accounts[name].Name, stack, bound))
		}
	}
	for _, name := range sorted(s.GCP.Secrets) {
		if !facts.Has("secrets", name) {
			errs = append(errs, fmt.Errorf("secret %q is in the settings, and stack %s has none of that name: bring that stack up first", name, stack))
		}
	}
	for _, name := range sorted(s.GCP.Buckets) {
		if !facts.Has("buckets", name) {
			errs = append(errs, fmt.Errorf("bucket %q is in the settings, and stack %s has none of that name: bring that stack up first", name, stack))
		}
	}
	return errs
}

// fill replaces what was [upstream] by what the gcp stack gives.
func (o *objects) fill(gcp *contract.GCP, facts contract.Facts) {
	o.namespace.Name = gcp.Namespace
	for i := range o.namespace.Databases {
		o.namespace.Databases[i] = gcp.DatabaseAddress
	}
	for name, args := range o.accounts {
		args.GoogleAccount = facts.At(gcp.Workloads, "workloads", name)
	}
	for _, args := range o.secrets {
		args.Project = gcp.SecretStore
		args.ClusterProject, args.ClusterLocation, args.ClusterName = gcp.ClusterProject, gcp.ClusterLocation, gcp.ClusterName
		for secret := range args.Secrets {
			args.Secrets[secret] = facts.At(gcp.Secrets, "secrets", secret)
		}
	}
	values := o.settings.Values
	values["PROJECT"], values["REGION"], values["REGISTRY"], values["DATABASE_INSTANCE"] = gcp.Project, gcp.Location, gcp.Registry, gcp.DatabaseServer
	for name := range o.settings.Named["BUCKET"] {
		url := facts.At(gcp.Buckets, "buckets", name)
		o.settings.Named["BUCKET"][name] = url.ApplyT(func(url string) string { return strings.TrimPrefix(url, "gs://") }).(pulumi.StringOutput)
	}
	for name := range o.settings.Named["DATABASE_USER"] {
		o.settings.Named["DATABASE_USER"][name] = facts.At(gcp.DatabaseUsers, "databaseUsers", name)
	}
}

// kubeconfig is a cluster of GKE as its own tools write it down. The plugin takes
// the credentials of whoever runs this, and no key is kept anywhere:
// https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
const kubeconfig = `apiVersion: v1
kind: Config
current-context: gke
contexts: [{name: gke, context: {cluster: gke, user: gke}}]
clusters: [{name: gke, cluster: {server: "https://%s", certificate-authority-data: "%s"}}]
users:
  - name: gke
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1beta1
        command: gke-gcloud-auth-plugin
        provideClusterInfo: true
        interactiveMode: Never
        installHint: install it with "gcloud components install gke-gcloud-auth-plugin"
`

// clusterProvider is the provider of the cluster that the contract names.
func clusterProvider(ctx *pulumi.Context, gcp *contract.GCP) (pulumi.ResourceOption, error) {
	p, err := provider.NewProvider(ctx, "kubernetes", &provider.ProviderArgs{
		Kubeconfig: pulumi.Sprintf(kubeconfig, gcp.ClusterEndpoint, gcp.ClusterCA),
		// A rotated certificate or another endpoint is the same cluster; without this
		// the provider would make everything anew.
		ClusterIdentifier: gcp.ClusterID,
		// What exists already is refused; with server-side apply it would be taken over
		// in silence.
		EnableServerSideApply:       pulumi.Bool(false),
		EnableConfigMapMutable:      pulumi.Bool(true), // else a changed fact deletes the ConfigMap first
		EnableSecretMutable:         pulumi.Bool(true),
		DeleteUnreachable:           pulumi.Bool(false),
		SkipUpdateUnreachable:       pulumi.Bool(false),
		SuppressDeprecationWarnings: pulumi.Bool(false),
	})
	if err != nil {
		return nil, fmt.Errorf("provider: %w", err)
	}
	return pulumi.Provider(p), nil
}
