package helm

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Resources, Spread and Enabled are parts of values as most charts have them.

// Resources are what a container asks for and the most memory that it gets. There
// is no limit of CPU, which would slow it down for nothing.
func Resources(cpu, memory, memoryLimit string) pulumi.Map {
	return pulumi.Map{
		"requests": pulumi.StringMap{"cpu": pulumi.String(cpu), "memory": pulumi.String(memory)},
		"limits":   pulumi.StringMap{"memory": pulumi.String(memoryLimit)},
	}
}

// Spread asks for pods in zones and on nodes apart, but not at the price of none.
// The chart adds the labels of the pods.
func Spread() pulumi.Array {
	var constraints pulumi.Array
	for _, key := range []string{"topology.kubernetes.io/zone", "kubernetes.io/hostname"} {
		constraints = append(constraints, pulumi.Map{
			"maxSkew": pulumi.Int(1), "topologyKey": pulumi.String(key), "whenUnsatisfiable": pulumi.String("ScheduleAnyway"),
		})
	}
	return constraints
}

// Enabled turns a part of a chart on or off.
func Enabled(on bool) pulumi.Map { return pulumi.Map{"enabled": pulumi.Bool(on)} }
