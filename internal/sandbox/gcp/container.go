package gcp

import (
	"ai-worker/internal/sandbox"
)

const (
	clusterType  = "gcp:container/cluster:Cluster"
	nodePoolType = "gcp:container/nodePool:NodePool"

	// gkeVersion is what the simulated release channels offer.
	gkeVersion = "1.30.5-gke.1014001"
)

// containerName is the name of a cluster or a node pool. The provider checks it
// for clusters only; GKE refuses a longer one or upper case for both.
var containerName = sandbox.Match(`^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$`,
	"1 to 40 lower-case letters, digits and inner hyphens, a letter first")

func containerKinds() []*sandbox.Kind { return []*sandbox.Kind{clusterKind(), nodePoolKind()} }

func containerLookups() []*sandbox.Lookup {
	return []*sandbox.Lookup{{
		Token: "gcp:container/getCluster:getCluster",
		Type:  clusterType, Key: "projects/{project}/locations/{location}/clusters/{name}",
	}}
}

// clusterCA is a certificate of the right form: PEM in base64, self-signed, its
// key thrown away.
const clusterCA = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJrVENDQVRlZ0F3SUJBZ0lVTEllVCttSlMzR1dXczQzTDBiVDR5amNNdzF3d0NnWUlLb1pJemow" +
	"RUF3SXcKSFRFYk1Ca0dBMVVFQXd3U2MyRnVaR0p2ZUMxamJIVnpkR1Z5TFdOaE1DQVhEVEkyTVRFeU16RXlOREV3TWxvWQpEekl4TWpZeE1ETXdNVEkw" +
	"TVRBeVdqQWRNUnN3R1FZRFZRUUREQkp6WVc1a1ltOTRMV05zZFhOMFpYSXRZMkV3CldUQVRCZ2NxaGtqT1BRSUJCZ2dxaGtqT1BRTUJCd05DQUFUNXNl" +
	"b3ByZEdsM3ExWFRwZWNkcU5wSmQzNGprZHEKc09ubGYrMXJNRUVsclo2a1A3OVNoelZ0MmtoWjYyMVk4Vk4zbXpicU9MZ0kwbXdDRUp1VVlTS2NvMU13" +
	"VVRBZApCZ05WSFE0RUZnUVVwb0dFekpNTnJVVUVEZHB0MGRYUXJZeUdsVGd3SHdZRFZSMGpCQmd3Rm9BVXBvR0V6Sk1OCnJVVUVEZHB0MGRYUXJZeUds" +
	"VGd3RHdZRFZSMFRBUUgvQkFVd0F3RUIvekFLQmdncWhrak9QUVFEQWdOSUFEQkYKQWlCeWdPTHB3bDAwQmw2cU5ZaTNGWUJCSG96Uk9yVkdUeW9sSkh1" +
	"MHBjVnl5QUloQU04NWpwb3JZaW5OUzUybQpkc0lPTHFJbUpna0lneklDTnZyVFdqN0ZrZ3NXCi0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K"
