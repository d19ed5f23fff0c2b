package azure

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

var (
	policyTargets = []string{"baseBlob", "snapshot", "version"}
	policyActions = []string{"delete", "tierToArchive", "tierToCold", "tierToCool", "tierToHot"}
)

const policyDefinition = "policy.rules[].definition"

// https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-policy-structure
var managementPolicyRules = map[string]sandbox.Rule{
	"managementPolicyName": onlyDefault,
	"policy.rules":         sandbox.Items(1, 100),
	"policy.rules[].name":  sandbox.Match(`^[A-Za-z0-9][A-Za-z0-9_-]{0,255}$`, "1 to 256 letters, digits, hyphens, underscores"),
	"policy.rules[].type":  sandbox.OneOf("Lifecycle"),

	policyDefinition + ".filters.blobTypes":              sandbox.Items(1, 2),
	policyDefinition + ".filters.blobTypes[]":            sandbox.OneOf("blockBlob", "appendBlob"),
	policyDefinition + ".filters.prefixMatch":            sandbox.Items(0, 10),
	policyDefinition + ".filters.prefixMatch[]":          sandbox.Match(`^[a-z0-9$][^/]*(/.*)?$`, "a prefix that begins with a container, no slash first"),
	policyDefinition + ".filters.blobIndexMatch":         sandbox.Items(0, 10),
	policyDefinition + ".filters.blobIndexMatch[].op":    sandbox.OneOf("=="),
	policyDefinition + ".filters.blobIndexMatch[].name":  sandbox.Match(`^.{1,128}$`, "1 to 128 characters"),
	policyDefinition + ".filters.blobIndexMatch[].value": upTo(256),
}

// checkPolicyNames wants every rule to have a name of its own.
func checkPolicyNames(o *sandbox.Object) error {
	var errs []error
	seen := map[string]bool{}
	o.Each("policy.rules[].name", func(at string, v resource.PropertyValue) {
		if seen[v.StringValue()] {
			errs = append(errs, fmt.Errorf("%s: InvalidRequestPropertyValue: %q is the name of another rule", at, v.StringValue()))
		}
		seen[v.StringValue()] = true
	})
	return errors.Join(errs...)
}

// checkPolicyActions wants every rule to do something, and something that its blobs
// can have done: append blobs are deleted only.
func checkPolicyActions(o *sandbox.Object) error {
	var errs []error
	o.Each(policyDefinition, func(at string, v resource.PropertyValue) {
		definition := &sandbox.Object{Props: v.ObjectValue()}
		appends := false
		definition.Each("filters.blobTypes[]", func(_ string, v resource.PropertyValue) { appends = appends || v.StringValue() == "appendBlob" })
		found := 0
		for _, of := range policyTargets {
			for _, action := range policyActions {
				if !definition.Has("actions." + of + "." + action) {
					continue
				}
				found++
				if appends && action != "delete" {
					errs = append(errs, fmt.Errorf("%s.actions.%s.%s: not for append blobs, which can be deleted only", at, of, action))
				}
			}
		}
		if found == 0 {
			errs = append(errs, fmt.Errorf("%s.actions: InvalidRequestPropertyValue: want at least one", at))
		}
	})
	return errors.Join(errs...)
}

// checkPolicyDays wants ages that are whole days, and of a blob's several ages one.
func checkPolicyDays(o *sandbox.Object) error {
	var errs []error
	for _, of := range policyTargets {
		for _, action := range policyActions {
			o.Each(policyDefinition+".actions."+of+"."+action, func(at string, v resource.PropertyValue) {
				errs = append(errs, policyDays(at, action, &sandbox.Object{Props: v.ObjectValue()}))
			})
		}
	}
	o.Each(policyDefinition+".actions.baseBlob", func(at string, v resource.PropertyValue) {
		base := &sandbox.Object{Props: v.ObjectValue()}
		if base.Bool("enableAutoTierToHotFromCool") && !base.Has("tierToCool.daysAfterLastAccessTimeGreaterThan") {
			errs = append(errs, fmt.Errorf("%s.enableAutoTierToHotFromCool: needs tierToCool.daysAfterLastAccessTimeGreaterThan", at))
		}
	})
	return errors.Join(errs...)
}

func policyDays(at, action string, when *sandbox.Object) error {
	const tierChange = "daysAfterLastTierChangeGreaterThan"
	var errs []error
	ages := 0
	for _, age := range []string{"daysAfterModificationGreaterThan", "daysAfterCreationGreaterThan", "daysAfterLastAccessTimeGreaterThan"} {
		if when.Has(age) {
			ages++
		}
	}
	if ages != 1 {
		errs = append(errs, fmt.Errorf("%s: %d ages, want exactly one: after modification, creation or last access", at, ages))
	}
	if when.Has(tierChange) && (action != "tierToArchive" || when.Has("daysAfterLastAccessTimeGreaterThan")) {
		errs = append(errs, fmt.Errorf("%s.%s: only for tierToArchive, beside the age after modification or creation", at, tierChange))
	}
	for key, days := range when.Props {
		if days.IsNumber() && (days.NumberValue() < 0 || days.NumberValue() != float64(int(days.NumberValue()))) {
			errs = append(errs, fmt.Errorf("%s.%s %v: want whole days, 0 or more", at, key, days.NumberValue()))
		}
	}
	return errors.Join(errs...)
}
