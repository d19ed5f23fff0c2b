package cloudsql_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/cloudsql"
)

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[cloudsql.Args]{
		"project":                  {func(a *cloudsql.Args) { a.Project = "P" }, `project "P"`},
		"region":                   {func(a *cloudsql.Args) { a.Region = "tokyo" }, `region "tokyo"`},
		"name":                     {func(a *cloudsql.Args) { a.Name = "Main" }, `name "Main"`},
		"generation":               {func(a *cloudsql.Args) { a.Generation = 0 }, "generation 0: want at least 1"},
		"long name":                {func(a *cloudsql.Args) { a.Name = strings.Repeat("n", 90) }, "characters, want at most 98"},
		"version":                  {func(a *cloudsql.Args) { a.Version = "POSTGRES_13" }, `version "POSTGRES_13": want one of POSTGRES_14`},
		"edition":                  {func(a *cloudsql.Args) { a.Edition = "PLUS" }, `edition "PLUS"`},
		"predefined tier":          {func(a *cloudsql.Args) { a.Tier = "db-n1-standard-1" }, `tier "db-n1-standard-1": want "db-custom`},
		"odd vCPUs":                {func(a *cloudsql.Args) { a.Tier = "db-custom-3-7680" }, "3 vCPUs: want 1, or an even number"},
		"odd memory":               {func(a *cloudsql.Args) { a.Tier = "db-custom-2-7700" }, "7700 MB of memory: want a multiple of 256"},
		"least memory":             {func(a *cloudsql.Args) { a.Tier = "db-custom-1-3584" }, "3584 MB of memory: want at least 3840"},
		"little memory":            {func(a *cloudsql.Args) { a.Tier = "db-custom-8-6144" }, "6144 MB of memory: want 0.9 to 6.5 GB"},
		"much memory":              {func(a *cloudsql.Args) { a.Tier = "db-custom-4-26880" }, "26880 MB of memory: want 0.9 to 6.5 GB"},
		"shared core":              {func(a *cloudsql.Args) { a.Tier = "db-f1-micro" }, `"db-f1-micro": a shared core has no SLA`},
		"tier of plus":             {func(a *cloudsql.Args) { a.Tier = "db-perf-optimized-N-2" }, "needs edition ENTERPRISE_PLUS"},
		"tier without plus":        {func(a *cloudsql.Args) { a.Edition = "ENTERPRISE_PLUS" }, "with ENTERPRISE_PLUS want"},
		"data cache":               {func(a *cloudsql.Args) { a.DisableDataCache = true }, "disableDataCache"},
		"zone of elsewhere":        {func(a *cloudsql.Args) { a.Zone = "asia-northeast2-a" }, `zone "asia-northeast2-a": want a zone of asia-northeast1`},
		"secondary zone alone":     {func(a *cloudsql.Args) { a.SecondaryZone = "asia-northeast1-a" }, "secondaryZone"},
		"secondary zone, the same": {func(a *cloudsql.Args) { a.Zone, a.SecondaryZone = "asia-northeast1-a", "asia-northeast1-a" }, "secondaryZone"},
		"IAM flag":                 {func(a *cloudsql.Args) { a.Flags = map[string]string{"cloudsql.iam_authentication": "off"} }, `flags["cloudsql.iam_authentication"]: is always on`},
		"flag":                     {func(a *cloudsql.Args) { a.Flags = map[string]string{"Max": "1"} }, `flags["Max"]`},
		"label":                    {func(a *cloudsql.Args) { a.Labels = map[string]string{"team": "A b"} }, `labels["team"] "A b"`},

		"no way in":   {func(a *cloudsql.Args) { a.PrivateNetwork = nil }, "want exactly one of private services access"},
		"two ways in": {func(a *cloudsql.Args) { a.Network.PSCProjects = []string{"other-project"} }, "want exactly one of private services access"},
		"PSC project": {func(a *cloudsql.Args) { a.PrivateNetwork, a.Network.PSCProjects = nil, []string{"x"} }, `pscProjects[0] "x"`},
		"range":       {func(a *cloudsql.Args) { a.Network.AllocatedRange = "10.0.0.0/16" }, "allocatedRange"},
		"services without network": {func(a *cloudsql.Args) {
			a.PrivateNetwork, a.Network = nil, cloudsql.Network{PSCProjects: []string{"other-project"}, AllowGoogleServices: true}
		}, "allowGoogleServices: needs a privateNetwork"},
		"plain text":        {func(a *cloudsql.Args) { a.Network.SSLMode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED" }, `sslMode "ALLOW_UNENCRYPTED_AND_ENCRYPTED"`},
		"server CA":         {func(a *cloudsql.Args) { a.Network.ServerCAMode = "X" }, `serverCaMode "X"`},
		"authorized nobody": {func(a *cloudsql.Args) { a.Network.AuthorizedNetworks = map[string]string{"a": "203.0.113.0/24"} }, "would admit nobody"},
		"PSC and public": {func(a *cloudsql.Args) {
			a.PrivateNetwork, a.Network.PSCProjects = nil, []string{"other-project"}
			a.Network.AuthorizedNetworks = map[string]string{"a": "203.0.113.0/24"}
		}, "has no public address"},
		"everybody":     {func(a *cloudsql.Args) { a.Network.AuthorizedNetworks = map[string]string{"a": "0.0.0.0/0"} }, "open to the world"},
		"host bits":     {func(a *cloudsql.Args) { a.Network.AuthorizedNetworks = map[string]string{"a": "203.0.113.1/24"} }, "without host bits"},
		"private range": {func(a *cloudsql.Args) { a.Network.AuthorizedNetworks = map[string]string{"a": "10.1.0.0/16"} }, "want a public IPv4 range"},

		"disk":               {func(a *cloudsql.Args) { a.Disk.SizeGB = 5 }, "disk.sizeGb 5"},
		"disk limit below":   {func(a *cloudsql.Args) { a.Disk = cloudsql.Disk{SizeGB: 50, LimitGB: 20} }, "disk.limitGb 20: want 51"},
		"disk limit":         {func(a *cloudsql.Args) { a.Disk.LimitGB = -1 }, "disk.limitGb -1"},
		"HA without backups": {func(a *cloudsql.Args) { a.Backup.Disabled = true }, "backup.disabled: HA needs backups"},
		"replicas without backups": {func(a *cloudsql.Args) {
			a.Zonal, a.Backup.Disabled, a.Replicas = true, true, map[string]cloudsql.Replica{"r": {}}
		}, "replicas need backups"},
		"settings of no backups": {func(a *cloudsql.Args) { a.Zonal, a.Backup = true, cloudsql.Backup{Disabled: true, Start: "17:00"} }, "would do nothing"},
		"backup start":           {func(a *cloudsql.Args) { a.Backup.Start = "25:00" }, `backup.start "25:00"`},
		"backups retained":       {func(a *cloudsql.Args) { a.Backup.Retained = 400 }, "backup.retained 400"},
		"log days":               {func(a *cloudsql.Args) { a.Backup.LogDays = 8 }, "backup.logDays 8"},
		"log days above":         {func(a *cloudsql.Args) { a.Backup.Retained = 3 }, "backup.logDays 7: want at most the 3"},
		"backup location":        {func(a *cloudsql.Args) { a.Backup.Location = "Asia" }, `backup.location "Asia"`},

		"day":            {func(a *cloudsql.Args) { a.Maintenance.Day = 8 }, "maintenance.day 8"},
		"hour":           {func(a *cloudsql.Args) { a.Maintenance.Hour = 24 }, "maintenance.hour 24"},
		"track":          {func(a *cloudsql.Args) { a.Maintenance.Track = "fast" }, `maintenance.track "fast"`},
		"deny end alone": {func(a *cloudsql.Args) { a.Maintenance.DenyEnd = "1-10" }, "need denyStart"},
		"leading zero":   {func(a *cloudsql.Args) { a.Maintenance.DenyStart, a.Maintenance.DenyEnd = "01-05", "1-10" }, `denyStart "01-05"`},
		"deny end":       {func(a *cloudsql.Args) { a.Maintenance.DenyStart, a.Maintenance.DenyEnd = "1-01", "2031-1-05" }, `denyEnd "2031-1-05": want a date like`},
		"long denial":    {func(a *cloudsql.Args) { a.Maintenance.DenyStart, a.Maintenance.DenyEnd = "1-01", "5-01" }, "121 days, want 1 to 90"},
		"deny time": {func(a *cloudsql.Args) {
			a.Maintenance = cloudsql.Maintenance{DenyStart: "1-01", DenyEnd: "1-05", DenyTime: "24:00"}
		}, `denyTime "24:00"`},
		"plans":                   {func(a *cloudsql.Args) { a.Insights.PlansPerMinute = 21 }, "insights.plansPerMinute 21"},
		"query length":            {func(a *cloudsql.Args) { a.Insights.QueryLength = 10 }, "insights.queryLength 10"},
		"settings of no insights": {func(a *cloudsql.Args) { a.Insights = cloudsql.Insights{Disabled: true, OmitTags: true} }, "insights.disabled"},
		"short passwords":         {func(a *cloudsql.Args) { a.Passwords.MinLength = 8 }, "passwords.minLength 8"},
		"reuse":                   {func(a *cloudsql.Args) { a.Passwords.Reuse = 101 }, "passwords.reuse 101"},
		"change hours":            {func(a *cloudsql.Args) { a.Passwords.ChangeHours = -1 }, "passwords.changeHours -1"},

		"database":        {func(a *cloudsql.Args) { a.Databases = []string{"App"} }, `databases[0] "App"`},
		"system database": {func(a *cloudsql.Args) { a.Databases = []string{"postgres"} }, `databases[0] "postgres": every instance has it`},
		"database twice":  {func(a *cloudsql.Args) { a.Databases = []string{"app", "app"} }, `databases[1] "app": given twice`},
		"no workload":     {func(a *cloudsql.Args) { a.Workloads = map[string]pulumi.StringInput{"api": nil} }, `workloads["api"]: want a service account's email`},
		"workload of a person": {func(a *cloudsql.Args) {
			a.Workloads = map[string]pulumi.StringInput{"api": pulumi.String("api@example.com")}
		}, `workloads["api"] "api@example.com"`},
		"workload key": {func(a *cloudsql.Args) { a.Workloads = map[string]pulumi.StringInput{"API": nil} }, `workloads["API"]`},
		"group":        {func(a *cloudsql.Args) { a.Groups = map[string]string{"dba": "DBA@example.com"} }, `groups["dba"] "DBA@example.com"`},
		"person":       {func(a *cloudsql.Args) { a.People = map[string]string{"ann": "ann"} }, `people["ann"] "ann"`},

		"replica key":    {func(a *cloudsql.Args) { a.Replicas = map[string]cloudsql.Replica{"R": {}} }, `replicas["R"]`},
		"replica region": {func(a *cloudsql.Args) { a.Replicas = map[string]cloudsql.Replica{"r": {Region: "x"}} }, `replicas["r"].region "x"`},
		"replica zone":   {func(a *cloudsql.Args) { a.Replicas = map[string]cloudsql.Replica{"r": {Zone: "asia-northeast2-a"}} }, `replicas["r"].zone`},
		"replica tier":   {func(a *cloudsql.Args) { a.Replicas = map[string]cloudsql.Replica{"r": {Tier: "db-g1-small"}} }, `replicas["r"].tier`},
		"replica without key": {func(a *cloudsql.Args) {
			a.EncryptionKey = pulumi.String("k")
			a.Replicas = map[string]cloudsql.Replica{"r": {Region: "asia-northeast2"}}
		}, `replicaKeys["r"]: wanted for a replica in another region`},
		"key without replica": {func(a *cloudsql.Args) {
			a.ReplicaKeys = map[string]pulumi.StringInput{"x": pulumi.String("k")}
		}, `replicaKeys["x"]: there is no such replica`},
	})
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &cloudsql.Args{Generation: -1, Network: cloudsql.Network{SSLMode: "off"}}, "project", "region", "name", "generation", "version", "tier", "privateNetwork", "sslMode")
}
