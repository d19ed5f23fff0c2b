package stacks_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"ai-worker/components/componentstest"
)

// proof is what must hold of registrations. broken names what does not, as
// "resource: property"; spoiled are copies in which one thing that held does not.
type proof struct {
	broken  func(all componentstest.Registrations) []string
	spoiled func(all componentstest.Registrations) []componentstest.Registrations
}

type (
	reg  = componentstest.Registration
	keep = func(reg) bool
)

// named keeps the registrations of some logical names.
func named(names ...string) keep {
	return func(r reg) bool { return slices.Contains(names, r.Name) }
}

// below keeps the children of components of a type.
func below(token string) keep {
	return func(r reg) bool { return under(r, "ai-worker:"+token) }
}

func with(path string, value any) keep {
	return func(r reg) bool { return r.Get(path) == value }
}

func not(k keep) keep { return func(r reg) bool { return !k(r) } }

// every wants something of each registration whose type ends with typ. None at all is
// broken too: nothing would be proven. spoil makes a good one bad.
func every(typ, what string, holds keep, spoil func(reg) reg, of ...keep) proof {
	kept := func(r reg) bool {
		return r.Custom && strings.HasSuffix(r.Type, typ) && !slices.ContainsFunc(of, func(k keep) bool { return !k(r) })
	}
	return proof{
		broken: func(all componentstest.Registrations) []string {
			var items []string
			if !slices.ContainsFunc(all, kept) {
				items = append(items, "no "+typ[strings.LastIndex(typ, ":")+1:])
			}
			for _, r := range all {
				if kept(r) && !holds(r) {
					items = append(items, r.Name+": "+what)
				}
			}
			return items
		},
		spoiled: func(all componentstest.Registrations) []componentstest.Registrations {
			var copies []componentstest.Registrations
			for i, r := range all {
				if kept(r) && holds(r) {
					bad := slices.Clone(all)
					bad[i] = spoil(r)
					copies = append(copies, bad)
				}
			}
			return copies
		},
	}
}

// each wants an input of each to have a value; nil wants it left out.
func each(typ, path string, want any, of ...keep) proof {
	return where(typ, path, func(got any) bool { return reflect.DeepEqual(got, want) }, other(want), of...)
}

// where wants an input of each to be good; bad is one that is not, nil being none.
func where(typ, path string, good func(any) bool, bad any, of ...keep) proof {
	return every(typ, path,
		func(r reg) bool { return good(r.Get(path)) },
		func(r reg) reg { return changed(r, path, bad) }, of...)
}

// other is a value that is not want.
func other(want any) any {
	switch w := want.(type) {
	case bool:
		return !w
	case nil:
		return "set"
	}
	return nil
}

// protects wants each to be protected by Pulumi.
func protects(typ string, of ...keep) proof {
	return every(typ, "protect",
		func(r reg) bool { return r.Protect },
		func(r reg) reg { r.Protect = false; return r }, of...)
}

// none wants no registration of types.
func none(types ...string) proof {
	return proof{
		broken: func(all componentstest.Registrations) []string {
			var items []string
			for _, r := range all {
				if slices.ContainsFunc(types, func(typ string) bool { return strings.HasSuffix(r.Type, typ) }) {
					items = append(items, r.Name+": is there")
				}
			}
			return items
		},
		spoiled: func(all componentstest.Registrations) []componentstest.Registrations {
			var copies []componentstest.Registrations
			for _, typ := range types {
				copies = append(copies, append(slices.Clone(all), componentstest.Registration{Type: typ, Name: "added"}))
			}
			return copies
		},
	}
}

// count wants so many of a type, and not more.
func count(typ string, n int) proof {
	of := func(r reg) bool { return strings.HasSuffix(r.Type, typ) }
	number := func(all componentstest.Registrations) int {
		return len(slices.DeleteFunc(slices.Clone(all), func(r reg) bool { return !of(r) }))
	}
	return proof{
		broken: func(all componentstest.Registrations) []string {
			if found := number(all); found != n {
				return []string{fmt.Sprintf("%d %ss", found, typ[strings.LastIndex(typ, ":")+1:])}
			}
			return nil
		},
		spoiled: func(all componentstest.Registrations) []componentstest.Registrations {
			if number(all) != n {
				return nil
			}
			return []componentstest.Registrations{append(slices.Clone(all), all[slices.IndexFunc(all, of)]), slices.DeleteFunc(slices.Clone(all), of)}
		},
	}
}

// logged wants each to send all of its logs to the one workspace.
func logged(typ string) proof {
	const kind = ":DiagnosticSetting"
	sends := func(all componentstest.Registrations, id string) bool {
		return slices.ContainsFunc(all, func(r reg) bool {
			return strings.HasSuffix(r.Type, kind) && at(r, "resourceUri") == id && at(r, "logs[0].categoryGroup") == "allLogs" &&
				r.Get("logs[0].enabled") == true && strings.HasPrefix(at(r, "workspaceId"), one(all, "logs-workspace").ID)
		})
	}
	return proof{
		broken: func(all componentstest.Registrations) []string {
			var items []string
			found := false
			for _, r := range all {
				if !strings.HasSuffix(r.Type, typ) {
					continue
				}
				found = true
				if !sends(all, r.ID) {
					items = append(items, r.Name+": logs")
				}
			}
			if !found {
				items = append(items, "no "+typ[strings.LastIndex(typ, ":")+1:])
			}
			return items
		},
		spoiled: func(all componentstest.Registrations) []componentstest.Registrations {
			var copies []componentstest.Registrations
			for _, r := range all {
				for i, setting := range all {
					if strings.HasSuffix(r.Type, typ) && strings.HasSuffix(setting.Type, kind) && at(setting, "resourceUri") == r.ID {
						copies = append(copies, slices.Delete(slices.Clone(all), i, i+1))
					}
				}
			}
			return copies
		},
	}
}

// audited wants Google to record who reads and writes the data of a service.
func audited(service string) proof {
	const kind = "projects/iAMAuditConfig:IAMAuditConfig"
	is := func(r reg) bool {
		return strings.HasSuffix(r.Type, kind) && among(service, "allServices")(r.Get("service")) &&
			holding("DATA_READ", "DATA_WRITE")(r.Get("auditLogConfigs"))
	}
	return proof{
		broken: func(all componentstest.Registrations) []string {
			if slices.ContainsFunc(all, is) {
				return nil
			}
			return []string{"no IAMAuditConfig of " + service}
		},
		spoiled: func(all componentstest.Registrations) []componentstest.Registrations {
			if less := slices.DeleteFunc(slices.Clone(all), is); len(less) < len(all) {
				return []componentstest.Registrations{less}
			}
			return nil
		},
	}
}

// also wants all of proofs.
func also(proofs ...proof) proof {
	return proof{
		broken: func(all componentstest.Registrations) []string {
			var items []string
			for _, p := range proofs {
				for _, item := range p.broken(all) {
					if !slices.Contains(items, item) {
						items = append(items, item)
					}
				}
			}
			return items
		},
		spoiled: func(all componentstest.Registrations) []componentstest.Registrations {
			var copies []componentstest.Registrations
			for _, p := range proofs {
				copies = append(copies, p.spoiled(all)...)
			}
			return copies
		},
	}
}

// what inputs may be

func filled(got any) bool { return got != nil && got != "" }

func atLeast(n float64) func(any) bool {
	return func(got any) bool { number, is := got.(float64); return is && number >= n }
}

func among(values ...string) func(any) bool {
	return func(got any) bool { return slices.Contains(values, fmt.Sprint(got)) }
}

func holding(parts ...string) func(any) bool {
	return func(got any) bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(fmt.Sprint(got), part) })
	}
}
