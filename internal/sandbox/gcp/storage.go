package gcp

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const bucketType = "gcp:storage/bucket:Bucket"

func storageKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		{
			Type:    bucketType,
			ID:      "{name}",
			Names:   []string{"{url}"},
			Outputs: map[string]string{"selfLink": "https://www.googleapis.com/storage/v1/b/{name}", "url": "gs://{name}"},
			Fill:    fillBucket,
			Defaults: map[string]any{
				"forceDestroy": false, "storageClass": "STANDARD", "retentionPolicy.isLocked": false,
				"softDeletePolicy.retentionDurationSeconds": 7 * 86400,
			},
			Computed: []string{
				"softDeletePolicy", "softDeletePolicy.effectiveTime", "versioning", "website", "autoclass.terminalStorageClass", "logging.logObjectPrefix",
				"lifecycleRules[].condition.withState",
			},
			ReplaceWhen: func(have, want *sandbox.Object) []string {
				if have.Bool("retentionPolicy.isLocked") && !want.Bool("retentionPolicy.isLocked") {
					return []string{"retentionPolicy"}
				}
				return nil
			},
			Replace: []string{"name", "location", "project", "enableObjectRetention", "customPlacementConfig"},
			Rules:   bucketRules,
			Checks: []sandbox.Check{
				checkBucketName, checkLifecycle, checkAutoclass, checkReplication, checkLabelKeys,
				// https://cloud.google.com/storage/docs/bucket-lock: mutually exclusive with Object Versioning
				sandbox.Refuse(func(o *sandbox.Object) bool { return o.Has("retentionPolicy") && o.Bool("versioning.enabled") },
					"retentionPolicy: a bucket cannot have both a retention policy and object versioning"),
			},
			Refs: map[string]sandbox.Ref{
				"logging.logBucket":            sandbox.Names(bucketType),
				"encryption.defaultKmsKeyName": sandbox.Names("gcp:kms/cryptoKey:CryptoKey"),
			},
		},
		{
			Type:     "gcp:storage/bucketIAMMember:BucketIAMMember",
			ID:       "b/{bucket}/{role}/{member}",
			Fill:     func(o *sandbox.Object) { o.Set("etag", number(o.Str("bucket"))) },
			Additive: true,
			Rules:    map[string]sandbox.Rule{"role": roleRule, "member": memberRule},
			Replace:  []string{"bucket", "role", "member", "condition"},
			Refs:     map[string]sandbox.Ref{"bucket": sandbox.Names(bucketType)},
		},
	}
}

var bucketRules = map[string]sandbox.Rule{
	// https://cloud.google.com/storage/docs/buckets#naming; a name with dots is a
	// domain, which its owner must have proven to Google.
	"name": sandbox.Match(`^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$`, "3 to 63 lower-case letters, digits, dots, hyphens, underscores"),
	"location": sandbox.Match(`(?i)^([a-z]+-[a-z]+[0-9]{1,2}|US|EU|ASIA|ASIA1|EUR4|EUR5|EUR7|EUR8|NAM4)$`,
		`a location, such as "ASIA-NORTHEAST1" or "EU"`),
	"storageClass":           storageClass,
	"publicAccessPrevention": sandbox.OneOf("inherited", "enforced"),
	"rpo":                    sandbox.OneOf("DEFAULT", "ASYNC_TURBO"),
	"cors[].maxAgeSeconds":   sandbox.Between(0, 86400*365),
	"cors[].methods":         sandbox.Items(1, 100),
	"cors[].origins":         sandbox.Items(1, 100),
	// provider: retention_period is validated to be from 1 to the greatest 32-bit integer
	"retentionPolicy.retentionPeriod":     sandbox.Between(1, 1<<31-1),
	"autoclass.terminalStorageClass":      sandbox.OneOf("NEARLINE", "ARCHIVE"),
	"customPlacementConfig.dataLocations": sandbox.Items(2, 2),
	"encryption.defaultKmsKeyName": sandbox.Match(`^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$`,
		"the id of a key"),
	// https://cloud.google.com/storage/docs/soft-delete: off, or 7 to 90 days
	"softDeletePolicy.retentionDurationSeconds": func(v resource.PropertyValue) error {
		if n := v.NumberValue(); n != 0 && (n < 7*86400 || n > 90*86400) {
			return fmt.Errorf("%v seconds: want 0, or 7 to 90 days", n)
		}
		return nil
	},
	"labels{}":                             labelValue,
	"lifecycleRules":                       sandbox.Items(0, 100),
	"lifecycleRules[].action.type":         sandbox.OneOf("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"),
	"lifecycleRules[].action.storageClass": storageClass,
	"lifecycleRules[].condition.age":       sandbox.Between(0, 1<<31-1),
	"lifecycleRules[].condition.withState": sandbox.OneOf("LIVE", "ARCHIVED", "ANY"),
	"lifecycleRules[].condition.matchesStorageClasses[]": sandbox.OneOf(
		"STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE", "DURABLE_REDUCED_AVAILABILITY"),
	"lifecycleRules[].condition.createdBefore":        day,
	"lifecycleRules[].condition.customTimeBefore":     day,
	"lifecycleRules[].condition.noncurrentTimeBefore": day,
}

var (
	storageClass = sandbox.OneOf("STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE")
	day          = sandbox.Match(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`, "a day as YYYY-MM-DD")
)

// fillBucket writes what Cloud Storage answers for what was left out.
func fillBucket(o *sandbox.Object) {
	project, _ := strconv.ParseFloat(number(o.Str("project")), 64) // twelve digits always parse
	o.Set("projectNumber", project)
	o.Default("publicAccessPrevention", "inherited")
	o.Default("softDeletePolicy.retentionDurationSeconds", 7*86400)
	if o.Num("softDeletePolicy.retentionDurationSeconds") > 0 {
		o.Default("softDeletePolicy.effectiveTime", "2024-03-01T00:00:00Z")
	}
	if regions(o) > 1 { // a bucket in one region has no rpo
		o.Default("rpo", "DEFAULT")
	}
	if o.Has("autoclass") {
		o.Default("autoclass.terminalStorageClass", "NEARLINE")
	}
	if o.Has("logging") {
		o.Default("logging.logObjectPrefix", o.Str("name"))
	}
	o.Each("lifecycleRules[].condition", func(_ string, v resource.PropertyValue) {
		if condition := v.ObjectValue(); condition["withState"].IsNull() {
			condition["withState"] = resource.NewProperty("ANY")
		}
	})
	fillLabels(o)
}

// regions is how many regions a location stands for, 3 for a multi-region.
func regions(o *sandbox.Object) int {
	switch location := strings.ToUpper(o.Str("location")); {
	case strings.Contains(location, "-"):
		return 1
	case o.Has("customPlacementConfig"), strings.ContainsAny(location, "0123456789"):
		return 2
	}
	return 3
}

func checkBucketName(o *sandbox.Object) error {
	if name := o.Str("name"); strings.HasPrefix(name, "goog") || strings.Contains(strings.ReplaceAll(name, "0", "o"), "google") {
		return sandbox.Problem{Path: "name", Reason: fmt.Sprintf("%q is reserved: names neither begin with goog nor contain google", name)}
	}
	return nil
}

// checkReplication: https://cloud.google.com/storage/docs/availability-durability#rpo
func checkReplication(o *sandbox.Object) error {
	location := strings.ToUpper(o.Str("location"))
	switch {
	case o.Str("rpo") != "" && location != "" && regions(o) == 1:
		return sandbox.Problem{Path: "rpo", Reason: "a bucket in one region has none"}
	case o.Str("rpo") == "ASYNC_TURBO" && regions(o) != 2:
		return sandbox.Problem{Path: "rpo", Reason: "ASYNC_TURBO is for dual-regions only"}
	case o.Has("customPlacementConfig") && location != "" && !slices.Contains([]string{"US", "EU", "ASIA"}, location):
		return sandbox.Problem{Path: "customPlacementConfig", Reason: "location must be US, EU or ASIA, not " + location}
	}
	return nil
}

// checkAutoclass: https://cloud.google.com/storage/docs/autoclass#restrictions
func checkAutoclass(o *sandbox.Object) error {
	if !o.Bool("autoclass.enabled") {
		return nil
	}
	var errs []error
	if class := o.Str("storageClass"); class != "" && class != "STANDARD" {
		errs = append(errs, fmt.Errorf("storageClass: %s: a bucket with autoclass begins with STANDARD", class))
	}
	o.Each("lifecycleRules[].action.type", func(at string, v resource.PropertyValue) {
		if v.StringValue() == "SetStorageClass" {
			errs = append(errs, fmt.Errorf("%s: autoclass and SetStorageClass exclude each other", at))
		}
	})
	o.Each("lifecycleRules[].condition.matchesStorageClasses", func(at string, _ resource.PropertyValue) {
		errs = append(errs, fmt.Errorf("%s: autoclass and conditions on the storage class exclude each other", at))
	})
	return errors.Join(errs...)
}

var labelKey = regexp.MustCompile(`^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$`) // provider: labelKeyRegex

func checkLabelKeys(o *sandbox.Object) error {
	labels := o.Get("labels")
	if !labels.IsObject() {
		return nil
	}
	for _, key := range labels.ObjectValue().StableKeys() {
		if !labelKey.MatchString(string(key)) {
			return sandbox.Problem{Path: "labels", Reason: fmt.Sprintf("%q is an invalid label key", key)}
		}
	}
	return nil
}

// checkLifecycle refuses rules that the API refuses and those that empty a
// bucket by surprise: the provider sends age 0, which every object has, for a
// rule that gives neither age nor noAge, and it leaves other conditions of 0
// out (hashicorp/terraform-provider-google#17990; SDK, noAge). With both, noAge
// wins and the age is not sent.
func checkLifecycle(o *sandbox.Object) error {
	var errs []error
	o.Each("lifecycleRules[]", func(at string, v resource.PropertyValue) {
		rule := &sandbox.Object{Props: v.ObjectValue()}
		refuse := func(wrong bool, where, reason string) {
			if wrong {
				errs = append(errs, fmt.Errorf("%s.%s: %s", at, where, reason))
			}
		}
		action, noAge := rule.Str("action.type"), rule.Bool("condition.noAge")
		_, conditions := rule.Get("condition"), 0
		for key, value := range rule.Get("condition").ObjectValue() {
			if key != "noAge" && !strings.HasPrefix(string(key), "send") && !trivial(value) {
				conditions++
			}
		}
		refuse(noAge && rule.Num("condition.age") > 0, "condition", "noAge drops the age: give one of them")
		refuse(!noAge && !rule.Has("condition.age"), "condition",
			"without age and noAge the rule is sent with age 0 and may apply to every object")
		refuse(noAge && conditions == 0, "condition", "noAge needs another condition")
		refuse(action == "SetStorageClass" && !rule.Has("action.storageClass"), "action", "storageClass is missing")
		refuse(action != "SetStorageClass" && rule.Has("action.storageClass"), "action", "storageClass belongs to SetStorageClass")
		if action == "AbortIncompleteMultipartUpload" {
			for _, key := range rule.Get("condition").ObjectValue().StableKeys() {
				allowed := slices.Contains([]string{"age", "matchesPrefixes", "matchesSuffixes"}, string(key))
				refuse(!allowed, "condition."+string(key), "not for an abort of uploads")
			}
		}
	})
	return errors.Join(errs...)
}

// trivial says whether the provider leaves a condition of this value out.
func trivial(v resource.PropertyValue) bool {
	return v.IsNull() || v.IsNumber() && v.NumberValue() == 0 || v.IsString() && slices.Contains([]string{"", "ANY"}, v.StringValue()) ||
		v.IsArray() && len(v.ArrayValue()) == 0 || v.IsBool() && !v.BoolValue()
}
