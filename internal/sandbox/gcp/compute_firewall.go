package gcp

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

func firewallKind() *sandbox.Kind {
	protocol := sandbox.Match(`^([a-z]+|[0-9]{1,3})$`, `a protocol, such as "tcp" or "all"`)
	ports := sandbox.Match(`^[0-9]{1,5}(-[0-9]{1,5})?$`, `a port or a range of ports, such as "8080-8090"`)
	return &sandbox.Kind{
		Type:    "gcp:compute/firewall:Firewall",
		ID:      "projects/{project}/global/firewalls/{name}",
		Names:   []string{"{selfLink}", "{name}"},
		Outputs: map[string]string{"selfLink": computeURL + "projects/{project}/global/firewalls/{name}"},
		Fill: func(o *sandbox.Object) {
			o.Set("creationTimestamp", computeTime)
			o.Default("direction", "INGRESS")
			o.Default("enableLogging", o.Has("logConfig"))
		},
		Defaults: map[string]any{"priority": 1000},
		Computed: []string{"destinationRanges"},
		Replace:  []string{"direction", "name", "project"},
		Rules: map[string]sandbox.Rule{
			"name": computeName, "direction": sandbox.OneOf("INGRESS", "EGRESS"), "priority": sandbox.Between(0, 65535),
			"allows[].protocol": protocol, "allows[].ports[]": ports, "denies[].protocol": protocol, "denies[].ports[]": ports,
			"sourceRanges[]": sandbox.CIDR(), "destinationRanges[]": sandbox.CIDR(), "sourceTags[]": computeName,
			"targetTags[]": computeName, "sourceServiceAccounts": sandbox.Items(0, 10), "targetServiceAccounts": sandbox.Items(0, 10),
			"logConfig.metadata": sandbox.OneOf("EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA"),
		},
		Checks: []sandbox.Check{
			sandbox.ExactlyOne("allows", "denies"), checkFirewallSources,
			sandbox.Refuse(func(o *sandbox.Object) bool {
				return o.Has("logConfig") && o.Known("enableLogging") && !o.Bool("enableLogging")
			}, "logConfig and enableLogging false exclude each other"),
		},
		Refs: map[string]sandbox.Ref{
			"network":                 sandbox.Holds(networkType),
			"sourceServiceAccounts[]": sandbox.Names(accountType),
			"targetServiceAccounts[]": sandbox.Names(accountType),
		},
	}
}

func checkFirewallSources(o *sandbox.Object) error {
	tags := o.Has("sourceTags") || o.Has("targetTags")
	accounts := o.Has("sourceServiceAccounts") || o.Has("targetServiceAccounts")
	sources := o.Has("sourceRanges") || o.Has("sourceTags") || o.Has("sourceServiceAccounts")
	egress := o.Str("direction") == "EGRESS"
	switch {
	case tags && accounts:
		return errors.New("tags and service accounts exclude each other")
	case egress && sources:
		return errors.New("sources belong to direction INGRESS")
	case !egress && !sources:
		return errors.New("want one of sourceRanges, sourceTags, sourceServiceAccounts")
	}
	return nil
}

// lastPriority is the rule that matches what no other rule did.
const lastPriority = 2147483647

// securityPolicyKind is https://cloud.google.com/armor/docs/security-policy-overview.
func securityPolicyKind() *sandbox.Kind {
	key := sandbox.OneOf("ALL", "IP", "HTTP_HEADER", "XFF_IP", "HTTP_COOKIE", "HTTP_PATH", "SNI", "REGION_CODE",
		"TLS_JA3_FINGERPRINT", "USER_IP")
	return &sandbox.Kind{
		Type:    "gcp:compute/securityPolicy:SecurityPolicy",
		ID:      "projects/{project}/global/securityPolicies/{name}",
		Names:   []string{"{selfLink}", "{name}"},
		Outputs: map[string]string{"selfLink": computeURL + "projects/{project}/global/securityPolicies/{name}"},
		Fill: func(o *sandbox.Object) {
			o.Set("fingerprint", number(o.Str("selfLink")))
			o.Default("type", "CLOUD_ARMOR")
		},
		Computed: []string{
			"rules", "rules[].preview", "adaptiveProtectionConfig.layer7DdosDefenseConfig.ruleVisibility", "advancedOptionsConfig",
		},
		Replace: []string{"name", "project"},
		Rules: map[string]sandbox.Rule{
			"name": computeName, "description": atMostBytes(2048),
			"type":                sandbox.OneOf("CLOUD_ARMOR", "CLOUD_ARMOR_EDGE", "CLOUD_ARMOR_INTERNAL_SERVICE"),
			"rules[].description": atMostBytes(64),
			"rules[].priority":    sandbox.Between(0, lastPriority),
			"rules[].action": sandbox.Match(`^(allow|deny\((403|404|502)\)|rate_based_ban|redirect|throttle)$`,
				`"allow", "deny(403)", "deny(404)", "deny(502)", "rate_based_ban", "redirect" or "throttle"`),
			"rules[].match.versionedExpr":            sandbox.OneOf("SRC_IPS_V1"),
			"rules[].match.config.srcIpRanges":       sandbox.Items(1, 10),
			"rules[].match.config.srcIpRanges[]":     armorRange,
			"rules[].match.expr.expression":          atMostBytes(2048),
			"rules[].rateLimitOptions.conformAction": sandbox.OneOf("allow"),
			"rules[].rateLimitOptions.exceedAction": sandbox.OneOf("redirect", "deny(403)", "deny(404)", "deny(429)",
				"deny(502)"),
			"rules[].rateLimitOptions.enforceOnKey":                           key,
			"rules[].rateLimitOptions.enforceOnKeyConfigs":                    sandbox.Items(0, 3),
			"rules[].rateLimitOptions.enforceOnKeyConfigs[].enforceOnKeyType": key,
			"rules[].rateLimitOptions.rateLimitThreshold.count":               sandbox.Between(1, 10000),
			"rules[].rateLimitOptions.rateLimitThreshold.intervalSec":         armorInterval,
			"rules[].redirectOptions.type":                                    sandbox.OneOf("EXTERNAL_302", "GOOGLE_RECAPTCHA"),
			"advancedOptionsConfig.jsonParsing":                               sandbox.OneOf("DISABLED", "STANDARD", "STANDARD_WITH_GRAPHQL"),
			"advancedOptionsConfig.logLevel":                                  sandbox.OneOf("NORMAL", "VERBOSE"),
		},
		Required: []string{"rules[].match", "rules[].rateLimitOptions.rateLimitThreshold"},
		Checks:   []sandbox.Check{checkSecurityRules},
	}
}

// armorInterval are the intervals over which Cloud Armor counts.
// https://cloud.google.com/armor/docs/rate-limiting-overview
func armorInterval(v resource.PropertyValue) error {
	switch v.NumberValue() {
	case 10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600:
		return nil
	}
	return fmt.Errorf("%v seconds is none of the intervals of Cloud Armor: 10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, "+
		"1800, 2700, 3600", v.NumberValue())
}

// armorRange wants a range, or "*" for every address.
func armorRange(v resource.PropertyValue) error {
	if v.StringValue() == "*" {
		return nil
	}
	p, err := netip.ParsePrefix(v.StringValue())
	if err != nil || p != p.Masked() {
		return fmt.Errorf(`%q: want a CIDR range without host bits, or "*"`, v.StringValue())
	}
	return nil
}

// checkSecurityRules wants rules of different priority, each whole, and a last one.
func checkSecurityRules(o *sandbox.Object) error {
	var errs []error
	at, last, some := map[float64]string{}, false, false
	o.Each("rules[]", func(path string, v resource.PropertyValue) {
		some = true
		rule := &sandbox.Object{Kind: o.Kind, Props: v.ObjectValue()}
		priority := rule.Num("priority")
		if other, taken := at[priority]; taken && rule.Known("priority") {
			errs = append(errs, fmt.Errorf("%s.priority %v is the priority of %s too", path, priority, other))
		}
		at[priority] = path
		last = last || priority == lastPriority
		if priority == lastPriority && rule.Has("match.config.srcIpRanges") && !everybody(rule) {
			errs = append(errs, fmt.Errorf(`%s: the default rule matches "*" and nothing else`, path))
		}
		if err := checkSecurityRule(rule); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", path, err))
		}
	})
	if some && !last {
		errs = append(errs, fmt.Errorf("rules: want a default rule of priority %d", lastPriority))
	}
	return errors.Join(errs...)
}

// everybody says whether a rule matches all addresses; an unknown one may.
func everybody(rule *sandbox.Object) bool {
	ranges, narrow := 0, false
	rule.Each("match.config.srcIpRanges[]", func(_ string, v resource.PropertyValue) {
		ranges++
		narrow = narrow || v.StringValue() != "*"
	})
	return ranges <= 1 && !narrow
}

func checkSecurityRule(rule *sandbox.Object) error {
	action := rule.Str("action")
	limits := action == "throttle" || action == "rate_based_ban"
	switch {
	case rule.Has("match.config") == rule.Has("match.expr"):
		return errors.New("match: want exactly one of config, expr")
	case rule.Has("match.config") != rule.Has("match.versionedExpr"):
		return errors.New("match: config and versionedExpr go together")
	case rule.Known("action") && limits != rule.Has("rateLimitOptions"):
		return fmt.Errorf("rateLimitOptions and action %q: they belong to throttle and rate_based_ban, which need them", action)
	case rule.Has("rateLimitOptions.banDurationSec") && action == "throttle":
		return errors.New("rateLimitOptions.banDurationSec belongs to rate_based_ban")
	case rule.Known("action") && (action == "redirect") != rule.Has("redirectOptions"):
		return fmt.Errorf("redirectOptions and action %q: they belong to redirect, which needs them", action)
	}
	return nil
}
