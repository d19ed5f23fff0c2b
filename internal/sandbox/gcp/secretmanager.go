package gcp

import (
	"ai-worker/internal/sandbox"
)

const (
	secretType       = "gcp:secretmanager/secret:Secret"
	secretKey        = "replication.auto.customerManagedEncryption.kmsKeyName"
	secretReplicaKey = "replication.userManaged.replicas[].customerManagedEncryption.kmsKeyName"
)

func secretmanagerKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		{
			Type:        secretType,
			ID:          "projects/{project}/secrets/{secretId}",
			Names:       []string{"{secretId}", "{name}"},
			Fill:        fillSecret,
			Replace:     []string{"secretId", "project", "replication.userManaged"},
			DeleteFirst: true,
			Rules: map[string]sandbox.Rule{
				// https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
				"secretId":                         sandbox.Match(`^[a-zA-Z0-9_-]{1,255}$`, "1 to 255 letters, digits, underscores, hyphens"),
				"ttl":                              seconds(60, 100*365*86400),
				"expireTime":                       secretTime,
				"versionDestroyTtl":                seconds(86400, 1000*86400),
				"topics":                           sandbox.Items(0, 10),
				"topics[].name":                    sandbox.Match(`^projects/[^/]+/topics/[^/]+$`, `"projects/P/topics/T"`),
				"versionAliases":                   sandbox.Items(0, 50),
				"labels":                           sandbox.Items(0, 64),
				"labels{}":                         labelValue,
				secretKey:                          cryptoKeyRule,
				"replication.userManaged.replicas": sandbox.Items(1, 100),
				"replication.userManaged.replicas[].location": sandbox.Match(`^[a-z]+-[a-z]+[0-9]+$`, `a region, such as "asia-northeast1"`),
				secretReplicaKey:            cryptoKeyRule,
				"rotation.nextRotationTime": secretTime,
				"rotation.rotationPeriod":   seconds(3600, 3153600000),
			},
			Checks: []sandbox.Check{
				sandbox.ExactlyOne("replication.auto", "replication.userManaged"),
				sandbox.Exclusive("ttl", "expireTime"),
				sandbox.Refuse(func(o *sandbox.Object) bool { return o.Has("rotation") && !o.Has("topics") },
					"rotation: needs topics to notify"),
				sandbox.Refuse(func(o *sandbox.Object) bool {
					return o.Has("rotation.rotationPeriod") && !o.Has("rotation.nextRotationTime")
				}, "rotation.rotationPeriod: needs nextRotationTime"),
			},
			Refs: map[string]sandbox.Ref{
				secretKey:        sandbox.Names(cryptoKeyType),
				secretReplicaKey: sandbox.Names(cryptoKeyType),
			},
		},
		{
			Type:     "gcp:secretmanager/secretIamMember:SecretIamMember",
			ID:       "projects/{project}/secrets/{secretId}/{role}/{member}",
			Fill:     func(o *sandbox.Object) { o.Set("etag", number(o.Str("secretId"))) },
			Additive: true,
			Rules:    map[string]sandbox.Rule{"role": roleRule, "member": memberRule},
			Replace:  []string{"secretId", "project", "role", "member", "condition"},
			Refs:     map[string]sandbox.Ref{"secretId": sandbox.Within(secretType)},
		},
	}
}

var (
	secretTime = sandbox.Match(`^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]{1,9})?Z$`,
		`a time in UTC, such as "2030-01-31T00:00:00Z"`)
	// https://cloud.google.com/resource-manager/docs/labels-overview#requirements
	labelValue = sandbox.Match(`^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$`, "at most 63 lower-case letters, digits, underscores, hyphens")
)

func fillSecret(o *sandbox.Object) {
	// the API answers with the project's number, whatever it was asked with
	o.Set("name", "projects/"+number(o.Str("project"))+"/secrets/"+o.Str("secretId"))
	o.Set("createTime", "2024-01-01T00:00:00Z")
	annotations := map[string]any{}
	if v := o.Get("annotations"); v.IsObject() {
		annotations = v.Mappable().(map[string]any)
	}
	o.Set("effectiveAnnotations", annotations)
	fillLabels(o)
}
