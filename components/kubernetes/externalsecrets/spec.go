package externalsecrets

import (
	"maps"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// APIVersion is of both kinds. The operator has stopped to serve v1beta1.
const APIVersion = "external-secrets.io/v1"

// The fields that are used of https://external-secrets.io/latest/api/spec/.

type storeSpec struct {
	Provider provider `json:"provider"`
}

type provider struct {
	SecretManager secretManager `json:"gcpsm"`
}

type secretManager struct {
	ProjectID pulumi.StringInput `json:"projectID"`
	Auth      auth               `json:"auth"`
}

type auth struct {
	WorkloadIdentity workloadIdentity `json:"workloadIdentity"`
}

// workloadIdentity names the cluster, which the operator would otherwise ask the
// metadata server for.
type workloadIdentity struct {
	ServiceAccountRef reference          `json:"serviceAccountRef"`
	ClusterProjectID  pulumi.StringInput `json:"clusterProjectID"`
	ClusterLocation   pulumi.StringInput `json:"clusterLocation"`
	ClusterName       pulumi.StringInput `json:"clusterName"`
}

type reference struct {
	Kind string             `json:"kind,omitempty"`
	Name pulumi.StringInput `json:"name"`
}

type secretSpec struct {
	RefreshPolicy   string    `json:"refreshPolicy"`
	RefreshInterval string    `json:"refreshInterval"`
	SecretStoreRef  reference `json:"secretStoreRef"`
	Target          target    `json:"target"`
	Data            []datum   `json:"data"`
}

// target is the Secret. It goes with the ExternalSecret, but not with a secret
// that is missing in Secret Manager: pods go on with the last values.
type target struct {
	Name           string `json:"name"`
	CreationPolicy string `json:"creationPolicy"`
	DeletionPolicy string `json:"deletionPolicy"`
}

type datum struct {
	SecretKey string    `json:"secretKey"`
	RemoteRef remoteRef `json:"remoteRef"`
}

type remoteRef struct {
	Key     pulumi.StringInput `json:"key"`
	Version string             `json:"version,omitempty"`
}

func (a *Args) store() storeSpec {
	return storeSpec{provider{secretManager{
		ProjectID: a.Project,
		Auth: auth{workloadIdentity{
			ServiceAccountRef: reference{Name: a.ServiceAccount},
			ClusterProjectID:  a.ClusterProject,
			ClusterLocation:   a.ClusterLocation,
			ClusterName:       a.ClusterName,
		}},
	}}}
}

func (a *Args) secret() secretSpec {
	interval, _ := a.interval() // Validate has refused what is none
	spec := secretSpec{
		RefreshPolicy:   "Periodic",
		RefreshInterval: interval.String(), // as the operator writes it
		SecretStoreRef:  reference{Kind: "SecretStore", Name: pulumi.String(a.Name)},
		Target:          target{Name: a.Name, CreationPolicy: "Owner", DeletionPolicy: "Retain"},
	}
	for _, name := range slices.Sorted(maps.Keys(a.Secrets)) {
		ref := remoteRef{Key: a.Secrets[name].ToStringOutput().ApplyT(secretID).(pulumi.StringOutput)}
		if version := a.Versions[name]; version != 0 {
			ref.Version = strconv.Itoa(version)
		}
		spec.Data = append(spec.Data, datum{SecretKey: Key(name), RemoteRef: ref})
	}
	return spec
}
