package postgres_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure/postgres"
	"ai-worker/components/componentstest"
)

func TestRefusals(t *testing.T) {
	flag := func(name, value string) func(*postgres.Args) {
		return func(a *postgres.Args) { a.Flags = map[string]string{name: value} }
	}
	databases := func(names ...string) func(*postgres.Args) {
		return func(a *postgres.Args) { a.Databases = names }
	}
	administrators := func(key string, who postgres.Administrator) func(*postgres.Args) {
		return func(a *postgres.Args) { a.Administrators = map[string]postgres.Administrator{key: who} }
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[postgres.Args]{
		"workspace":           {func(a *postgres.Args) { a.Place.Workspace = nil }, "workspace is required"},
		"name":                {func(a *postgres.Args) { a.Name = "Main" }, `name "Main"`},
		"long name":           {func(a *postgres.Args) { a.Name = strings.Repeat("n", 61) }, "has 64 characters, want 3 to 63"},
		"generation":          {func(a *postgres.Args) { a.Generation = 0 }, "generation 0: want at least 1"},
		"version":             {func(a *postgres.Args) { a.Version = "12" }, `version "12": want one of 13, 14, 15, 16, 17`},
		"size":                {func(a *postgres.Args) { a.SKU = "D2ds_v5" }, `sku "D2ds_v5": want one such as`},
		"no such size":        {func(a *postgres.Args) { a.SKU = "Standard_D3ds_v5" }, `sku "Standard_D3ds_v5": want one such as`},
		"Burstable standby":   {func(a *postgres.Args) { a.SKU = "Standard_B1ms" }, `sku "Standard_B1ms": Burstable has no standby: want zonal, or a size of the D or E series`},
		"disk":                {func(a *postgres.Args) { a.DiskGB = 100 }, "diskGb 100: want one of 32 64 128"},
		"subnet":              {func(a *postgres.Args) { a.Subnet = nil }, "subnet is required"},
		"zone":                {func(a *postgres.Args) { a.Zone = nil }, "zone is required"},
		"few backups":         {func(a *postgres.Args) { a.Backup.Days = 6 }, "backup.days 6: want 7 to 35"},
		"many backups":        {func(a *postgres.Args) { a.Backup.Days = 36 }, "backup.days 36: want 7 to 35"},
		"day":                 {func(a *postgres.Args) { a.Maintenance.Day = 7 }, "maintenance.day 7: want 0 to 6"},
		"hour":                {func(a *postgres.Args) { a.Maintenance.Hour = 24 }, "maintenance.hour 24: want 0 to 23"},
		"minute":              {func(a *postgres.Args) { a.Maintenance.Minute = -1 }, "maintenance.minute -1: want 0 to 59"},
		"flag":                {flag("Max", "1"), `flags["Max"]: want a parameter's name`},
		"plain text":          {flag("require_secure_transport", "off"), `flags["require_secure_transport"]: is always on`},
		"old TLS":             {flag("ssl_min_protocol_version", "TLSv1"), `flags["ssl_min_protocol_version"] "TLSv1": want one of TLSv1.2, TLSv1.3`},
		"read-only flag":      {flag("log_connections", "on"), `flags["log_connections"]: Azure has it on`},
		"database":            {databases("App"), `databases[0] "App": want at most 63`},
		"system database":     {databases("azure_sys"), `databases[0] "azure_sys": every server has it`},
		"database twice":      {databases("app", "app"), `databases[1] "app": given twice`},
		"tenant":              {func(a *postgres.Args) { a.Tenant = "contoso" }, `tenant "contoso": want a UUID`},
		"nobody":              {func(a *postgres.Args) { a.Administrators = nil }, "administrators: want at least one"},
		"administrator's key": {administrators("M", postgres.Administrator{}), `administrators["M"]: want a key`},
		"no principal":        {administrators("m", postgres.Administrator{}), `administrators["m"].principal: want the object id`},
		"principal": {administrators("m", postgres.Administrator{Principal: pulumi.String("migrate")}),
			`administrators["m"].principal "migrate": want the object id`},
		"no login": {administrators("m", postgres.Administrator{Principal: pulumi.String(principal)}), `administrators["m"].name: want the name`},
	})
}

func TestSizes(t *testing.T) {
	for sku, tier := range map[string]string{
		"Standard_B1ms": "Burstable", "Standard_B20ms": "Burstable", "Standard_D96ads_v5": "GeneralPurpose",
		"Standard_D4s_v3": "GeneralPurpose", "Standard_E20ds_v4": "MemoryOptimized",
	} {
		a := valid()
		a.SKU, a.Zonal = sku, true
		require.Equal(t, tier, run(t, a).One(t, serverType).Get("sku.tier"), sku)
	}
	for _, gb := range []int{32, 4095, 32767} {
		a := valid()
		a.DiskGB = gb
		require.EqualValues(t, gb, run(t, a).One(t, serverType).Get("storage.storageSizeGB"))
	}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &postgres.Args{Generation: -1, DiskGB: 1},
		"subscription", "location", "workspace", "name", "generation", "version", "sku", "diskGb", "subnet", "zone", "tenant", "administrators")
}
