package stacks_test

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/config"
	"ai-worker/stacks"
	"ai-worker/stacks/contract"
)

// gcpOutputs are what the stack gcp of settings hands on, as plain values.
func gcpOutputs(s *config.Settings) map[string]any {
	g := s.GCP
	account := func(name string) string { return name + "@" + g.Project + ".iam.gserviceaccount.com" }
	workloads, accounts, users := map[string]any{}, map[string]any{}, map[string]any{}
	for name, w := range g.Workloads {
		workloads[name], accounts[name] = account(name), cmp.Or(w.ServiceAccount, name)
		if w.Database {
			users[name] = name + "@" + g.Project + ".iam"
		}
	}
	buckets, secrets := map[string]any{}, map[string]any{}
	for name := range g.Buckets {
		buckets[name] = "gs://" + g.Project + "-" + name
	}
	for name := range g.Secrets {
		secrets[name] = "projects/" + g.Project + "/secrets/" + name
	}
	var databases []any
	for _, name := range g.Database.Databases {
		databases = append(databases, name)
	}
	own := "ai-worker-" + s.Environment
	names, records, states, policies := map[string]any{}, map[string]any{}, map[string]any{}, map[string]any{}
	for name := range s.DNS.Hosts {
		host := s.FullName(name)
		names[host], records[host], states[host] = "_acme-challenge."+host, "0a1b.5.authorize.certificatemanager.goog", "ACTIVE"
		policies[host] = own + "-" + name
	}
	return map[string]any{
		"contractVersion": contract.Version, "cloud": "gcp", "location": g.Region, "project": g.Project, "namespace": g.Namespace,
		"registry": g.Region + "-docker.pkg.dev/" + g.Project + "/" + g.Registry.Name,
		"buckets":  buckets, "secrets": secrets, "secretStore": g.Project,
		"databaseServer": g.Project + ":" + g.Region + ":" + own, "databaseAddress": "10.9.0.3",
		"databases": databases, "databaseUsers": users, "workloads": workloads, "serviceAccounts": accounts,
		"deploy":         map[string]any{"plan": account("github-plan"), "apply": account("github-apply"), "push": account("github-push")},
		"deployProvider": "projects/1/locations/global/workloadIdentityPools/github/providers/actions",
		"clusterName":    cmp.Or(g.Cluster.Name, own), "clusterLocation": g.Region, "clusterProject": cmp.Or(g.Cluster.Project, g.Project),
		"clusterId": "projects/p/locations/l/clusters/c", "clusterEndpoint": "203.0.113.7", "clusterCa": "Q0E=",
		"certificateMap": own, "certificateRecordNames": names, "certificateRecords": records, "certificateStates": states,
		"edgePolicies": policies, "edgeLocked": []any{},
		"ingressAddress": "203.0.113.80", "ingressAddressName": own + "-ingress", "natAddresses": []any{},
	}
}

// azureOutputs are what the azure stack of the settings hands on, as plain values.
func azureOutputs(s *config.Settings) map[string]any {
	a, own := s.Azure, "ai-worker-"+s.Environment
	clients, users, apps, jobs := map[string]any{}, map[string]any{}, map[string]any{}, map[string]any{}
	for name, w := range a.Workloads {
		clients[name] = "c0000000-0000-4000-8000-000000000001"
		if w.Database {
			users[name] = own + "-" + name
		}
		if w.Job != nil {
			jobs[name] = name
		} else {
			apps[name] = name
		}
	}
	buckets, secrets, targets, stages := map[string]any{}, map[string]any{}, map[string]any{}, map[string]any{}
	for name := range a.Buckets {
		buckets[name] = "https://aiworker" + s.Environment + name + ".blob.core.windows.net/" + name
	}
	for _, name := range a.Secrets {
		secrets[name] = "https://" + own + ".vault.azure.net/secrets/" + name
	}
	for name, h := range a.Hosts {
		targets[s.FullName(name)] = h.Workload + ".lively-sea-0a1b2c3d.japaneast.azurecontainerapps.io"
		stages[s.FullName(name)] = config.AzureStages[h.At()]
	}
	var databases []any
	for _, name := range a.Database.Databases {
		databases = append(databases, name)
	}
	server := own + "-g1.postgres.database.azure.com"
	return map[string]any{
		"contractVersion": contract.Version, "cloud": "azure", "location": a.Location, "subscription": a.Subscription,
		"resourceGroup": own, "tenant": a.Tenant, "registry": a.Registry.Name + ".azurecr.io", "buckets": buckets, "secrets": secrets,
		"secretStore": "https://" + own + ".vault.azure.net/", "databaseServer": server, "databaseAddress": server, "databases": databases,
		"databaseUsers": users, "workloads": clients, "apps": apps, "jobs": jobs, "hostTargets": targets, "hostStages": stages,
		"deploy":         map[string]any{"plan": "c1", "apply": "c2", "push": "c3"},
		"verificationId": "F4B1E0A2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E", "natAddresses": []any{},
	}
}

// upstream answers the references of a stack's program.
func upstream(s *config.Settings) componentstest.Option {
	gcp := componentstest.WithStackOutputs(stacks.Name(s.Environment, "gcp"), gcpOutputs(s))
	if s.Azure == nil {
		return gcp
	}
	return componentstest.Options(gcp, componentstest.WithStackOutputs(stacks.Name(s.Environment, "azure"), azureOutputs(s)))
}

// TestUpstreamIsTheContract: what the tests of later stacks stand on has each key
// that the stacks of the clouds export, and no other.
func TestUpstreamIsTheContract(t *testing.T) {
	s, err := config.LoadFile("../Pulumi.dev.yaml", "dev-kubernetes")
	require.NoError(t, err)
	keys := func(outputs map[string]any) []string {
		delete(outputs, "contractVersion")
		return slices.Collect(maps.Keys(outputs))
	}
	require.ElementsMatch(t, contract.Keys[contract.GCP](), keys(gcpOutputs(s)))
	require.ElementsMatch(t, contract.Keys[contract.Azure](), keys(azureOutputs(s)))
}
