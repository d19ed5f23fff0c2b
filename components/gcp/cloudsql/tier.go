package cloudsql

import (
	"fmt"
	"regexp"
	"strconv"
)

const (
	enterprise     = "ENTERPRISE"
	enterprisePlus = "ENTERPRISE_PLUS"
)

var (
	sharedTier = regexp.MustCompile(`^db-(f1-micro|g1-small)$`)
	customTier = regexp.MustCompile(`^db-custom-([0-9]{1,3})-([0-9]{1,7})$`)
	plusTier   = regexp.MustCompile(`^db-perf-optimized-N-(2|4|8|16|32|48|64|80|96|128)$`)
)

// checkTier says what is wrong with the machine type of an instance, or nil. The
// plugin takes any text, and only the API refuses it
// (https://cloud.google.com/sql/docs/postgres/create-instance#machine-types).
func checkTier(tier, edition string, zonal bool) error {
	switch {
	case edition == enterprisePlus:
		if !plusTier.MatchString(tier) {
			return fmt.Errorf(`%q: with ENTERPRISE_PLUS want "db-perf-optimized-N-<2, 4, 8, 16, 32, 48, 64, 80, 96 or 128>"`, tier)
		}
		return nil
	case plusTier.MatchString(tier):
		return fmt.Errorf("%q: needs edition ENTERPRISE_PLUS", tier)
	case sharedTier.MatchString(tier):
		if !zonal {
			return fmt.Errorf("%q: a shared core has no SLA and is no base for HA; it needs zonal", tier)
		}
		return nil
	}
	found := customTier.FindStringSubmatch(tier)
	if found == nil {
		return fmt.Errorf(`%q: want "db-custom-<vCPUs>-<MB>", such as "db-custom-2-7680"`, tier)
	}
	cpus, _ := strconv.Atoi(found[1]) // the pattern lets digits through only, and few
	memory, _ := strconv.Atoi(found[2])
	switch {
	case cpus != 1 && (cpus < 2 || cpus > 96 || cpus%2 != 0):
		return fmt.Errorf("%q: %d vCPUs: want 1, or an even number from 2 to 96", tier, cpus)
	case memory%256 != 0:
		return fmt.Errorf("%q: %d MB of memory: want a multiple of 256", tier, memory)
	case memory < 3840:
		return fmt.Errorf("%q: %d MB of memory: want at least 3840", tier, memory)
	case memory*10 < cpus*9*1024 || memory*10 > cpus*65*1024:
		return fmt.Errorf("%q: %d MB of memory: want 0.9 to 6.5 GB a vCPU", tier, memory)
	}
	return nil
}
