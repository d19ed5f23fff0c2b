package azure

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ai-worker/internal/sandbox"
)

// serverParameter is a server parameter: what it takes, and from when.
type serverParameter struct {
	kind     string // kind is Boolean, Enumeration, Integer, Set or String.
	allows   string // allows is "a,b" for names, "lo-hi" for numbers, a pattern for strings; empty is anything.
	standard string // standard is the value of a new server.
	restarts bool   // restarts: a new value counts after a restart (a static parameter).
}

const bools = "on,off"

// serverParameters are those that a program sensibly sets; a server has about 400.
// https://learn.microsoft.com/azure/postgresql/server-parameters/concepts-server-parameters
var serverParameters = map[string]serverParameter{
	"azure.extensions": {"Set", "address_standardizer,amcheck,bloom,btree_gin,btree_gist,citext,cube,dblink,fuzzystrmatch,hstore,hypopg,intarray,isn," +
		"lo,ltree,pageinspect,pg_buffercache,pg_cron,pg_hint_plan,pg_partman,pg_prewarm,pg_repack,pg_squeeze,pg_stat_statements,pg_trgm," +
		"pgaudit,pgcrypto,pgrowlocks,pgstattuple,plpgsql,postgis,postgres_fdw,semver,sslinfo,tablefunc,timescaledb,tsm_system_rows,unaccent,uuid-ossp,vector", "", false},
	"shared_preload_libraries": {"Set", "age,auto_explain,azure_storage,pg_cron,pg_hint_plan,pg_partman_bgw,pg_prewarm,pg_squeeze,pg_stat_statements,pgaudit," +
		"pglogical,timescaledb,wal2json", "pg_cron,pg_stat_statements", true},
	"require_secure_transport":                   {"Boolean", bools, "on", false},
	"ssl_min_protocol_version":                   {"Enumeration", "TLSv1.2,TLSv1.3", "TLSv1.2", false},
	"connection_throttle.enable":                 {"Boolean", bools, "off", false},
	"logfiles.download_enable":                   {"Boolean", bools, "off", false},
	"logfiles.retention_days":                    {"Integer", "1-7", "3", false},
	"log_checkpoints":                            {"Boolean", bools, "on", false},
	"log_connections":                            {"Boolean", bools, "on", false},
	"log_disconnections":                         {"Boolean", bools, "on", false},
	"log_lock_waits":                             {"Boolean", bools, "off", false},
	"log_statement":                              {"Enumeration", "none,ddl,mod,all", "none", false},
	"log_min_duration_statement":                 {"Integer", "-1-2147483647", "-1", false},
	"log_autovacuum_min_duration":                {"Integer", "-1-2147483647", "600000", false},
	"log_temp_files":                             {"Integer", "-1-2147483647", "-1", false},
	"log_line_prefix":                            {"String", "", "%t-%c-", false},
	"pgaudit.log":                                {"Set", "none,all,ddl,function,misc,misc_set,read,role,write", "none", false},
	"pgbouncer.enabled":                          {"Boolean", "true,false", "false", false},
	"pgbouncer.pool_mode":                        {"Enumeration", "session,transaction,statement", "transaction", false},
	"pgbouncer.default_pool_size":                {"Integer", "1-4950", "50", false},
	"pg_qs.query_capture_mode":                   {"Enumeration", "top,all,none", "none", false},
	"pgms_wait_sampling.query_capture_mode":      {"Enumeration", "all,none", "none", false},
	"metrics.collector_database_activity":        {"Boolean", bools, "off", false},
	"metrics.autovacuum_diagnostics":             {"Boolean", bools, "off", false},
	"track_io_timing":                            {"Boolean", bools, "off", false},
	"max_connections":                            {"Integer", "25-5000", "859", true},
	"max_wal_senders":                            {"Integer", "5-100", "10", true},
	"wal_level":                                  {"Enumeration", "replica,logical", "replica", true},
	"work_mem":                                   {"Integer", "4096-2097151", "4096", false},
	"statement_timeout":                          {"Integer", "0-2147483647", "0", false},
	"lock_timeout":                               {"Integer", "0-2147483647", "0", false},
	"deadlock_timeout":                           {"Integer", "1-2147483647", "1000", false},
	"idle_in_transaction_session_timeout":        {"Integer", "0-2147483647", "0", false},
	"default_transaction_isolation":              {"Enumeration", "serializable,repeatable read,read committed,read uncommitted", "read committed", false},
	"timezone":                                   {"String", `[A-Za-z][A-Za-z0-9/_+-]*`, "UTC", false},
	"azure.enable_temp_tablespaces_on_local_ssd": {"Boolean", bools, "on", true},
	"azure.accepted_password_auth_method":        {"Set", "md5,scram-sha-256", "md5,scram-sha-256", false},
	"password_encryption":                        {"Enumeration", "md5,scram-sha-256", "scram-sha-256", false},
}

func checkConfiguration(o *sandbox.Object) error {
	if !o.Known("configurationName") || !o.Known("value") {
		return nil
	}
	name, value := o.Str("configurationName"), o.Str("value")
	p, known := serverParameters[name]
	if !known {
		return fmt.Errorf("configurationName: the sandbox knows no server parameter %q: correct it, or add it to serverParameters in "+
			"internal/sandbox/azure", name)
	}
	if !p.takes(value) {
		return fmt.Errorf("InvalidParameterValue: value: %q is not allowed for %s: want %s", value, name, p.allows)
	}
	return nil
}

var span = regexp.MustCompile(`^(-?[0-9]+)-([0-9]+)$`)

// takes says whether the parameter may have a value.
func (p serverParameter) takes(value string) bool {
	allowed := strings.Split(p.allows, ",")
	switch p.kind {
	case "Integer":
		n, err := strconv.Atoi(value)
		bounds := span.FindStringSubmatch(p.allows)
		lo, _ := strconv.Atoi(bounds[1]) // of the table above
		hi, _ := strconv.Atoi(bounds[2])
		return err == nil && n >= lo && n <= hi
	case "Set":
		return value == "" || !slices.ContainsFunc(strings.Split(value, ","), func(one string) bool {
			return !slices.Contains(allowed, strings.ToLower(strings.TrimSpace(one)))
		})
	case "String":
		return p.allows == "" || regexp.MustCompile("^"+p.allows+"$").MatchString(value)
	}
	return slices.Contains(allowed, value)
}

// besideConfiguration: PgBouncer is not in the tier Burstable
// (https://learn.microsoft.com/azure/postgresql/connectivity/concepts-pgbouncer).
func besideConfiguration(o *sandbox.Object, _ []*sandbox.Object) error {
	server := o.Ref("serverName")
	if server != nil && server.Str("sku.tier") == "Burstable" && strings.HasPrefix(o.Str("configurationName"), "pgbouncer.") {
		return fmt.Errorf("configurationName: %s: PgBouncer is not supported in the tier Burstable of the server %s",
			o.Str("configurationName"), o.Str("serverName"))
	}
	return nil
}
