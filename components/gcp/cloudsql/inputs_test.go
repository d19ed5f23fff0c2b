package cloudsql_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/cloudsql"
)

// full has one of everything but what shuts something else out.
func full() *cloudsql.Args {
	a := valid()
	a.Edition, a.Tier, a.DisableDataCache = "ENTERPRISE_PLUS", "db-perf-optimized-N-2", true
	a.Zone, a.SecondaryZone = "asia-northeast1-a", "asia-northeast1-b"
	a.Flags = map[string]string{"max_connections": "200"}
	a.Labels = map[string]string{"team": "worker"}
	a.EncryptionKey = pulumi.String("projects/p/locations/asia-northeast1/keyRings/r/cryptoKeys/k")
	a.Network = cloudsql.Network{
		AllocatedRange: "services", SSLMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED", ServerCAMode: "GOOGLE_MANAGED_CAS_CA",
		AllowDirectConnections: true, AuthorizedNetworks: map[string]string{"office": "203.0.113.0/24"},
		PSCProjects: []string{"other-project"}, // see program
	}
	a.Disk = cloudsql.Disk{SizeGB: 50, LimitGB: 100}
	a.Backup = cloudsql.Backup{Start: "17:00", Retained: 20, LogDays: 10, Location: "asia"}
	a.Maintenance = cloudsql.Maintenance{
		Day: 2, Hour: 18, Track: "week5", DenyStart: "12-15", DenyEnd: "1-10", DenyTime: "15:00:00",
	}
	a.Insights = cloudsql.Insights{PlansPerMinute: 10, QueryLength: 2048}
	a.Passwords = cloudsql.Passwords{MinLength: 20, Reuse: 10, ChangeHours: 24}
	a.Databases = []string{"app"}
	a.Workloads = map[string]pulumi.StringInput{"api": pulumi.String("api@test-project.iam.gserviceaccount.com")}
	a.Groups = map[string]string{"dba": "dba@example.com"}
	a.People = map[string]string{"ann": "ann@example.com"}
	a.Replicas = map[string]cloudsql.Replica{
		"far": {Region: "asia-northeast2", Zone: "asia-northeast2-a", Tier: "db-perf-optimized-N-4"},
	}
	a.ReplicaKeys = map[string]pulumi.StringInput{
		"far": pulumi.String("projects/p/locations/asia-northeast2/keyRings/r/cryptoKeys/k"),
	}
	return a
}

// private is a copy reached by private services access and a public address.
func private(a cloudsql.Args) *cloudsql.Args {
	a.Network.PSCProjects = nil
	return &a
}

// endpoint is a copy reached by Private Service Connect.
func endpoint(a cloudsql.Args) *cloudsql.Args {
	a.PrivateNetwork = nil
	a.Network = cloudsql.Network{PSCProjects: a.Network.PSCProjects}
	return &a
}

// settled is a copy without what the one changed input shuts out.
func settled(a cloudsql.Args) *cloudsql.Args {
	if a.Zonal || a.Backup.Disabled || a.Region != valid().Region {
		a.SecondaryZone = ""
	}
	if a.Region != valid().Region {
		a.Zone = ""
	}
	if a.Backup.Disabled {
		a.Zonal, a.Backup, a.Replicas, a.ReplicaKeys = true, cloudsql.Backup{Disabled: true}, nil, nil
	}
	if a.Insights.Disabled {
		a.Insights = cloudsql.Insights{Disabled: true}
	}
	if far := a.Replicas["far"]; far.Region != full().Replicas["far"].Region && a.Replicas != nil {
		a.Replicas = map[string]cloudsql.Replica{"far": {Region: far.Region, Tier: far.Tier}}
	}
	if !a.Network.AllowDirectConnections {
		a.Network.AuthorizedNetworks = nil
	}
	return &a
}

func TestEveryInputMatters(t *testing.T) {
	both := func(args *cloudsql.Args) pulumi.RunFunc {
		return func(ctx *pulumi.Context) error {
			if _, err := cloudsql.New(ctx, "private", private(*settled(*args))); err != nil {
				return err
			}
			_, err := cloudsql.New(ctx, "endpoint", endpoint(*settled(*args)))
			return err
		}
	}
	componentstest.NoDeadInput(t, full, both, componentstest.Vary{
		Values: map[string]any{
			"Project":                            "other-project",
			"Region":                             "asia-northeast3",
			"Version":                            "POSTGRES_16",
			"Tier":                               "db-perf-optimized-N-8",
			"Zone":                               "asia-northeast1-c",
			"SecondaryZone":                      "asia-northeast1-c",
			"EncryptionKey":                      pulumi.String("projects/p/locations/asia-northeast1/keyRings/r/cryptoKeys/l"),
			"PrivateNetwork":                     pulumi.String("projects/p/global/networks/other"),
			"Network.AuthorizedNetworks[office]": "198.51.100.0/24",
			"Network.SSLMode":                    "ENCRYPTED_ONLY",
			"Network.ServerCAMode":               "GOOGLE_MANAGED_INTERNAL_CA",
			"Backup.Start":                       "18:00",
			"Maintenance.Track":                  "canary",
			"Maintenance.DenyStart":              "12-16",
			"Maintenance.DenyEnd":                "1-11",
			"Maintenance.DenyTime":               "16:00:00",
			"Workloads[api]":                     pulumi.String("b@test-project.iam.gserviceaccount.com"),
			"Replicas[far].Region":               "asia-northeast3",
			"Replicas[far].Zone":                 "asia-northeast2-b",
			"Replicas[far].Tier":                 "db-perf-optimized-N-8",
			"ReplicaKeys[far]":                   pulumi.String("projects/p/locations/asia-northeast2/keyRings/r/cryptoKeys/l"),
		},
		Exempt: map[string]string{"Edition": "a tier belongs to one edition: see TestEdition"},
	})
}
