package manifests

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"ai-worker/internal/kubeapi"
)

// Reference is a name that manifests take from elsewhere.
type Reference struct {
	// Kind is ServiceAccount, ConfigMap or Secret, a kind of the namespace; Address
	// CertificateMap or EdgePolicy, of the cloud; Hostname; Registry, of images; NodeLabel or
	// Toleration, of a node pool.
	Kind string
	Name string
	// Key is the one of a ConfigMap or a Secret, or empty for all; of a NodeLabel its
	// value; of a Toleration "value:effect".
	Key string
	By  string // By is what refers to it, "Deployment api".
}

// certificateMap is the annotation by which GKE takes a certificate map:
// https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway
const certificateMap = "networking.gke.io/certmap"

// References lists what objects of an overlay refer to and do not hold, each once.
func References(objects []kubeapi.Object) (all []Reference) {
	for _, raw := range objects {
		o := newObject("", raw)
		add := func(kind, name, key string) {
			if r := (Reference{kind, name, key, o.String()}); name != "" && !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
		if o.pod != nil {
			podReferences(o, add)
		}
		switch o.kind {
		case "Gateway":
			spec := decode[gateway](raw).Spec
			for _, a := range spec.Addresses {
				if a.Type == "NamedAddress" {
					add("Address", a.Value, "")
				}
			}
			for _, l := range spec.Listeners {
				add("Hostname", l.Hostname, "")
			}
			add("CertificateMap", o.meta.Annotations[certificateMap], "")
		case "GCPBackendPolicy":
			add("EdgePolicy", decode[policy](raw).Spec.Default.SecurityPolicy, "")
		case "HTTPRoute":
			for _, host := range decode[route](raw).Spec.Hostnames {
				add("Hostname", host, "")
			}
		}
	}
	return all
}

func podReferences(o *object, add func(kind, name, key string)) {
	spec := o.pod.Spec
	add("ServiceAccount", cmp.Or(spec.ServiceAccountName, "default"), "")
	for _, s := range spec.ImagePullSecrets {
		add("Secret", s.Name, "")
	}
	_, all := o.containers()
	for _, c := range all {
		add("Registry", splitImage(c.Image).registry, "")
		containerReferences(c, add)
	}
	for _, v := range spec.Volumes {
		volumeReferences(v, add)
	}
	for _, label := range slices.Sorted(maps.Keys(spec.NodeSelector)) {
		add("NodeLabel", label, spec.NodeSelector[label])
	}
	for _, t := range spec.Tolerations {
		add("Toleration", t.Key, t.Value+":"+string(t.Effect))
	}
}

func containerReferences(c *corev1.Container, add func(kind, name, key string)) {
	for _, from := range c.EnvFrom {
		if from.ConfigMapRef != nil {
			add("ConfigMap", from.ConfigMapRef.Name, "")
		}
		if from.SecretRef != nil {
			add("Secret", from.SecretRef.Name, "")
		}
	}
	for _, env := range c.Env {
		if from := env.ValueFrom; from != nil && from.ConfigMapKeyRef != nil {
			add("ConfigMap", from.ConfigMapKeyRef.Name, from.ConfigMapKeyRef.Key)
		} else if from != nil && from.SecretKeyRef != nil {
			add("Secret", from.SecretKeyRef.Name, from.SecretKeyRef.Key)
		}
	}
}

func volumeReferences(v corev1.Volume, add func(kind, name, key string)) {
	items := func(kind, name string, keys []corev1.KeyToPath) {
		if len(keys) == 0 {
			add(kind, name, "")
		}
		for _, k := range keys {
			add(kind, name, k.Key)
		}
	}
	if v.ConfigMap != nil {
		items("ConfigMap", v.ConfigMap.Name, v.ConfigMap.Items)
	}
	if v.Secret != nil {
		items("Secret", v.Secret.SecretName, v.Secret.Items)
	}
	if v.Projected == nil {
		return
	}
	for _, from := range v.Projected.Sources {
		if from.ConfigMap != nil {
			items("ConfigMap", from.ConfigMap.Name, from.ConfigMap.Items)
		}
		if from.Secret != nil {
			items("Secret", from.Secret.Name, from.Secret.Items)
		}
	}
}
