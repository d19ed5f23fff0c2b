package gcp

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	accountType = "gcp:serviceaccount/account:Account"

	// accountEmail is the address of an account that the program creates.
	accountEmail = "{accountId}@{project}.iam.gserviceaccount.com"
)

func serviceaccountKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		{
			Type:  accountType,
			ID:    "projects/{project}/serviceAccounts/" + accountEmail,
			Names: []string{"{email}", "{member}", "{uniqueId}", "projects/-/serviceAccounts/{email}"},
			Outputs: map[string]string{
				"email":  accountEmail,
				"member": "serviceAccount:" + accountEmail,
				"name":   "projects/{project}/serviceAccounts/" + accountEmail,
			},
			Fill: func(o *sandbox.Object) {
				o.Set("uniqueId", "1"+number(o.Str("email"))+number(o.Str("name"))[:8]) // 21 digits
			},
			Defaults: map[string]any{"disabled": false},
			Replace:  []string{"accountId", "project"},
			Rules: map[string]sandbox.Rule{
				// https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/create
				"accountId":   sandbox.Match(`^[a-z][-a-z0-9]{4,28}[a-z0-9]$`, "6 to 30 lower-case letters, digits and inner hyphens, a letter first"),
				"displayName": atMostBytes(100),
				"description": atMostBytes(256),
			},
		},
		{
			Type:     "gcp:serviceaccount/iAMMember:IAMMember",
			ID:       "{serviceAccountId}/{role}/{member}",
			Fill:     func(o *sandbox.Object) { o.Set("etag", number(o.Str("serviceAccountId"))) },
			Additive: true,
			Replace:  []string{"serviceAccountId", "role", "member", "condition"},
			Rules: map[string]sandbox.Rule{
				// The e-mail address alone is refused (provider: verify.ServiceAccountLinkRegex).
				"serviceAccountId": sandbox.Match(`^projects/[^/]+/serviceAccounts/[^/@]+@[^/@]+\.gserviceaccount\.com$`,
					`a full name, such as "projects/-/serviceAccounts/EMAIL"`),
				"role":   roleRule,
				"member": memberRule,
			},
			Refs: map[string]sandbox.Ref{"serviceAccountId": sandbox.Names(accountType)},
		},
	}
}

// atMostBytes wants a string of at most n bytes in UTF-8.
func atMostBytes(n int) sandbox.Rule {
	return func(v resource.PropertyValue) error {
		if got := len(v.StringValue()); got > n {
			return fmt.Errorf("%d bytes, want at most %d", got, n)
		}
		return nil
	}
}
