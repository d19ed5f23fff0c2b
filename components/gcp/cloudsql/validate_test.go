package cloudsql_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/cloudsql"
)

func TestRefusals(t *testing.T) {
	type change = func(*cloudsql.Args)
	for _, tc := range []struct {
		want   string
		change change
	}{
		{`project "P"`, func(a *cloudsql.Args) { a.Project = "P" }},
		{`region "tokyo"`, func(a *cloudsql.Args) { a.Region = "tokyo" }},
		{`name "Main"`, func(a *cloudsql.Args) { a.Name = "Main" }},
		{"generation 0: want at least 1", func(a *cloudsql.Args) { a.Generation = 0 }},
		{"characters, want at most 98", func(a *cloudsql.Args) { a.Name = strings.Repeat("n", 90) }},
		{`version "POSTGRES_13": want one of POSTGRES_14`, func(a *cloudsql.Args) { a.Version = "POSTGRES_13" }},
		{`edition "PLUS"`, func(a *cloudsql.Args) { a.Edition = "PLUS" }},
		{`tier "db-n1-standard-1": want "db-custom`, func(a *cloudsql.Args) { a.Tier = "db-n1-standard-1" }},
		{"3 vCPUs: want 1, or an even number", func(a *cloudsql.Args) { a.Tier = "db-custom-3-7680" }},
		{"7700 MB of memory: want a multiple of 256", func(a *cloudsql.Args) { a.Tier = "db-custom-2-7700" }},
		{"3584 MB of memory: want at least 3840", func(a *cloudsql.Args) { a.Tier = "db-custom-1-3584" }},
		{"6144 MB of memory: want 0.9 to 6.5 GB", func(a *cloudsql.Args) { a.Tier = "db-custom-8-6144" }},
		{"26880 MB of memory: want 0.9 to 6.5 GB", func(a *cloudsql.Args) { a.Tier = "db-custom-4-26880" }},
		{`"db-f1-micro": a shared core has no SLA`, func(a *cloudsql.Args) { a.Tier = "db-f1-micro" }},
		{"needs edition ENTERPRISE_PLUS", func(a *cloudsql.Args) { a.Tier = "db-perf-optimized-N-2" }},
		{"with ENTERPRISE_PLUS want", func(a *cloudsql.Args) { a.Edition = "ENTERPRISE_PLUS" }},
		{"disableDataCache", func(a *cloudsql.Args) { a.DisableDataCache = true }},
		{`zone "asia-northeast2-a": want a zone of asia-northeast1`, func(a *cloudsql.Args) { a.Zone = "asia-northeast2-a" }},
		{"secondaryZone", func(a *cloudsql.Args) { a.SecondaryZone = "asia-northeast1-a" }},
		{"secondaryZone", func(a *cloudsql.Args) { a.Zone, a.SecondaryZone = "asia-northeast1-a", "asia-northeast1-a" }},
		{"flags[cloudsql.iam_authentication]: is always on", func(a *cloudsql.Args) { a.Flags = map[string]string{"cloudsql.iam_authentication": "off"} }},
		{"flags[Max]", func(a *cloudsql.Args) { a.Flags = map[string]string{"Max": "1"} }},
		{`labels[team] "A b"`, func(a *cloudsql.Args) { a.Labels = map[string]string{"team": "A b"} }},

		{"want exactly one of private services access", func(a *cloudsql.Args) { a.PrivateNetwork = nil }},
		{"want exactly one of private services access", func(a *cloudsql.Args) { a.Network.PSCProjects = []string{"other-project"} }},
		{`pscProjects[0] "x"`, func(a *cloudsql.Args) { a.PrivateNetwork, a.Network.PSCProjects = nil, []string{"x"} }},
		{"allocatedRange", func(a *cloudsql.Args) { a.Network.AllocatedRange = "10.0.0.0/16" }},
		{"allowGoogleServices: needs a privateNetwork", func(a *cloudsql.Args) {
			a.PrivateNetwork, a.Network = nil, cloudsql.Network{PSCProjects: []string{"other-project"}, AllowGoogleServices: true}
		}},
		{`sslMode "ALLOW_UNENCRYPTED_AND_ENCRYPTED"`, func(a *cloudsql.Args) { a.Network.SSLMode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED" }},
		{`serverCaMode "X"`, func(a *cloudsql.Args) { a.Network.ServerCAMode = "X" }},
		{"would admit nobody", func(a *cloudsql.Args) { a.Network.AuthorizedNetworks = map[string]string{"a": "203.0.113.0/24"} }},
		{"has no public address", func(a *cloudsql.Args) {
			a.PrivateNetwork, a.Network.PSCProjects = nil, []string{"other-project"}
			a.Network.AuthorizedNetworks = map[string]string{"a": "203.0.113.0/24"}
		}},
		{"open to the world", func(a *cloudsql.Args) { a.Network.AuthorizedNetworks = map[string]string{"a": "0.0.0.0/0"} }},
		{"without host bits", func(a *cloudsql.Args) { a.Network.AuthorizedNetworks = map[string]string{"a": "203.0.113.1/24"} }},
		{"want a public IPv4 range", func(a *cloudsql.Args) { a.Network.AuthorizedNetworks = map[string]string{"a": "10.1.0.0/16"} }},

		{"disk.sizeGb 5", func(a *cloudsql.Args) { a.Disk.SizeGB = 5 }},
		{"disk.limitGb 20: want 51", func(a *cloudsql.Args) { a.Disk = cloudsql.Disk{SizeGB: 50, LimitGB: 20} }},
		{"disk.limitGb -1", func(a *cloudsql.Args) { a.Disk.LimitGB = -1 }},
		{"backup.disabled: HA needs backups", func(a *cloudsql.Args) { a.Backup.Disabled = true }},
		{"replicas need backups", func(a *cloudsql.Args) {
			a.Zonal, a.Backup.Disabled, a.Replicas = true, true, map[string]cloudsql.Replica{"r": {}}
		}},
		{"would do nothing", func(a *cloudsql.Args) { a.Zonal, a.Backup = true, cloudsql.Backup{Disabled: true, Start: "17:00"} }},
		{`backup.start "25:00"`, func(a *cloudsql.Args) { a.Backup.Start = "25:00" }},
		{"backup.retained 400", func(a *cloudsql.Args) { a.Backup.Retained = 400 }},
		{"backup.logDays 8", func(a *cloudsql.Args) { a.Backup.LogDays = 8 }},
		{"backup.logDays 7: want at most the 3", func(a *cloudsql.Args) { a.Backup.Retained = 3 }},
		{`backup.location "Asia"`, func(a *cloudsql.Args) { a.Backup.Location = "Asia" }},

		{"maintenance.day 8", func(a *cloudsql.Args) { a.Maintenance.Day = 8 }},
		{"maintenance.hour 24", func(a *cloudsql.Args) { a.Maintenance.Hour = 24 }},
		{`maintenance.track "fast"`, func(a *cloudsql.Args) { a.Maintenance.Track = "fast" }},
		{"need denyStart", func(a *cloudsql.Args) { a.Maintenance.DenyEnd = "1-10" }},
		{`denyStart "01-05"`, func(a *cloudsql.Args) { a.Maintenance.DenyStart, a.Maintenance.DenyEnd = "01-05", "1-10" }},
		{`denyEnd "2031-1-05": want a date like`, func(a *cloudsql.Args) { a.Maintenance.DenyStart, a.Maintenance.DenyEnd = "1-01", "2031-1-05" }},
		{"121 days, want 1 to 90", func(a *cloudsql.Args) { a.Maintenance.DenyStart, a.Maintenance.DenyEnd = "1-01", "5-01" }},
		{`denyTime "24:00"`, func(a *cloudsql.Args) {
			a.Maintenance = cloudsql.Maintenance{DenyStart: "1-01", DenyEnd: "1-05", DenyTime: "24:00"}
		}},
		{"insights.plansPerMinute 21", func(a *cloudsql.Args) { a.Insights.PlansPerMinute = 21 }},
		{"insights.queryLength 10", func(a *cloudsql.Args) { a.Insights.QueryLength = 10 }},
		{"insights.disabled", func(a *cloudsql.Args) { a.Insights = cloudsql.Insights{Disabled: true, OmitTags: true} }},
		{"passwords.minLength 8", func(a *cloudsql.Args) { a.Passwords.MinLength = 8 }},
		{"passwords.reuse 101", func(a *cloudsql.Args) { a.Passwords.Reuse = 101 }},
		{"passwords.changeHours -1", func(a *cloudsql.Args) { a.Passwords.ChangeHours = -1 }},

		{`databases[0] "App"`, func(a *cloudsql.Args) { a.Databases = []string{"App"} }},
		{`databases[0] "postgres": every instance has it`, func(a *cloudsql.Args) { a.Databases = []string{"postgres"} }},
		{`databases[1] "app": is there twice`, func(a *cloudsql.Args) { a.Databases = []string{"app", "app"} }},
		{"workloads[api]: want a service account's email", func(a *cloudsql.Args) { a.Workloads = map[string]pulumi.StringInput{"api": nil} }},
		{`workloads[api] "api@example.com"`, func(a *cloudsql.Args) {
			a.Workloads = map[string]pulumi.StringInput{"api": pulumi.String("api@example.com")}
		}},
		{"workloads[API]", func(a *cloudsql.Args) { a.Workloads = map[string]pulumi.StringInput{"API": nil} }},
		{`groups[dba] "DBA@example.com"`, func(a *cloudsql.Args) { a.Groups = map[string]string{"dba": "DBA@example.com"} }},
		{`people[ann] "ann"`, func(a *cloudsql.Args) { a.People = map[string]string{"ann": "ann"} }},

		{"replicas[R]", func(a *cloudsql.Args) { a.Replicas = map[string]cloudsql.Replica{"R": {}} }},
		{`replicas[r].region "x"`, func(a *cloudsql.Args) { a.Replicas = map[string]cloudsql.Replica{"r": {Region: "x"}} }},
		{"replicas[r].zone", func(a *cloudsql.Args) { a.Replicas = map[string]cloudsql.Replica{"r": {Zone: "asia-northeast2-a"}} }},
		{"replicas[r].tier", func(a *cloudsql.Args) { a.Replicas = map[string]cloudsql.Replica{"r": {Tier: "db-g1-small"}} }},
		{"replicaKeys[r]: wanted for a replica in another region", func(a *cloudsql.Args) {
			a.EncryptionKey = pulumi.String("k")
			a.Replicas = map[string]cloudsql.Replica{"r": {Region: "asia-northeast2"}}
		}},
		{"replicaKeys[x]: there is no such replica", func(a *cloudsql.Args) {
			a.ReplicaKeys = map[string]pulumi.StringInput{"x": pulumi.String("k")}
		}},
	} {
		t.Run(tc.want, func(t *testing.T) {
			args := valid()
			tc.change(args)
			all, err := componentstest.Run(t, program(args))
			require.ErrorContains(t, err, tc.want)
			require.Empty(t, all, "registered something before refusing")
		})
	}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	err := (&cloudsql.Args{Generation: -1, Network: cloudsql.Network{SSLMode: "off"}}).Validate()
	for _, want := range []string{"project", "region", "name", "generation", "version", "tier", "privateNetwork", "sslMode"} {
		require.ErrorContains(t, err, want)
	}
}
