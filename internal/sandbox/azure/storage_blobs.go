package azure

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

var (
	onlyDefault = sandbox.OneOf("default")
	metadataKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// https://learn.microsoft.com/rest/api/storageservices/set-blob-service-properties:
// the limits of CORS; days are in the SDK.
var blobServiceRules = map[string]sandbox.Rule{
	"blobServicesName":                    onlyDefault,
	"deleteRetentionPolicy.days":          sandbox.Between(1, 365),
	"containerDeleteRetentionPolicy.days": sandbox.Between(1, 365),
	"changeFeed.retentionInDays":          sandbox.Between(1, 146000),
	"restorePolicy.days":                  sandbox.Between(1, 364),
	"cors.corsRules":                      sandbox.Items(0, 5),
	"cors.corsRules[].allowedOrigins":     sandbox.Items(1, 64),
	"cors.corsRules[].allowedOrigins[]":   corsText,
	"cors.corsRules[].allowedMethods":     sandbox.Items(1, 8),
	"cors.corsRules[].allowedMethods[]":   sandbox.OneOf("DELETE", "GET", "HEAD", "MERGE", "POST", "OPTIONS", "PUT", "PATCH"),
	"cors.corsRules[].allowedHeaders":     corsHeaders,
	"cors.corsRules[].allowedHeaders[]":   corsText,
	"cors.corsRules[].exposedHeaders":     corsHeaders,
	"cors.corsRules[].exposedHeaders[]":   corsText,
	"cors.corsRules[].maxAgeInSeconds":    sandbox.Between(0, 1<<31-1),
	"defaultServiceVersion":               sandbox.Match(`^20[0-9]{2}-[01][0-9]-[0-3][0-9]$`, "a version of the service as YYYY-MM-DD"),

	"lastAccessTimeTrackingPolicy.name":                      sandbox.OneOf("AccessTimeTracking"),
	"lastAccessTimeTrackingPolicy.trackingGranularityInDays": sandbox.Between(1, 1),
	"lastAccessTimeTrackingPolicy.blobType[]":                sandbox.OneOf("blockBlob"),
}

var corsText = sandbox.Match(`^.{1,256}$`, "1 to 256 characters")

// corsHeaders wants at most 64 headers and 2 beginnings of headers.
func corsHeaders(v resource.PropertyValue) error {
	literal, prefixed := 0, 0
	for _, header := range v.ArrayValue() {
		switch {
		case !header.IsString():
		case strings.HasSuffix(header.StringValue(), "*"):
			prefixed++
		default:
			literal++
		}
	}
	if literal > 64 || prefixed > 2 {
		return fmt.Errorf("%d headers and %d with a * at their end: want at most 64 and 2", literal, prefixed)
	}
	return nil
}

var blobServiceChecks = []sandbox.Check{
	checkRestore, checkCORSSize,
	needsDays("deleteRetentionPolicy"), needsDays("containerDeleteRetentionPolicy"),
	sandbox.Refuse(func(o *sandbox.Object) bool {
		return o.Has("changeFeed.retentionInDays") && o.Known("changeFeed.enabled") && !o.Bool("changeFeed.enabled")
	}, "changeFeed.retentionInDays: the change feed is off"),
}

func needsDays(policy string) sandbox.Check {
	return sandbox.Refuse(func(o *sandbox.Object) bool { return o.Bool(policy+".enabled") && !o.Has(policy+".days") },
		"InvalidXmlNodeValue: "+policy+".days: required where the policy is enabled")
}

// checkRestore wants what a restore to a point in time needs
// (https://learn.microsoft.com/azure/storage/blobs/point-in-time-restore-overview).
func checkRestore(o *sandbox.Object) error {
	if !o.Bool("restorePolicy.enabled") {
		return nil
	}
	var errs []error
	for _, need := range []string{"isVersioningEnabled", "changeFeed.enabled", "deleteRetentionPolicy.enabled"} {
		if !o.Has(need) || o.Known(need) && !o.Bool(need) {
			errs = append(errs, fmt.Errorf("restorePolicy: needs %s", need))
		}
	}
	kept := o.Num("deleteRetentionPolicy.days")
	switch days := o.Num("restorePolicy.days"); {
	case !o.Has("restorePolicy.days"):
		errs = append(errs, errors.New("restorePolicy.days: required where the policy is enabled"))
	case kept > 0 && days >= kept:
		errs = append(errs, fmt.Errorf("restorePolicy.days %v: want less than deleteRetentionPolicy.days %v", days, kept))
	}
	if o.Bool("deleteRetentionPolicy.allowPermanentDelete") {
		errs = append(errs, errors.New("deleteRetentionPolicy.allowPermanentDelete: not with a restore policy"))
	}
	return errors.Join(errs...)
}

// checkCORSSize wants all rules in 2 KiB, without what XML adds.
func checkCORSSize(o *sandbox.Object) error {
	size := 0
	for _, list := range []string{"allowedOrigins", "allowedMethods", "allowedHeaders", "exposedHeaders"} {
		o.Each("cors.corsRules[]."+list+"[]", func(_ string, v resource.PropertyValue) { size += len(v.StringValue()) + 1 })
	}
	if size > 2048 {
		return fmt.Errorf("cors: the rules have %d bytes, want at most 2048", size)
	}
	return nil
}

var blobContainerRules = map[string]sandbox.Rule{
	// https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
	"containerName": sandbox.All(sandbox.Match(`^(.{3,63}|\$root|\$web|\$logs)$`, "3 to 63 characters"),
		sandbox.Match(`^([a-z0-9]+(-[a-z0-9]+)*|\$root|\$web|\$logs)$`, "lower-case letters, digits and single hyphens between them")),
	"publicAccess": sandbox.OneOf("Container", "Blob", "None"),
	"metadata":     containerMetadata,
}

// containerMetadata wants names that are identifiers of C#.
func containerMetadata(v resource.PropertyValue) error {
	for key := range v.ObjectValue() {
		if !metadataKey.MatchString(string(key)) {
			return fmt.Errorf("InvalidMetadata: %q: want letters, digits and underscores, no digit first", key)
		}
	}
	return nil
}
