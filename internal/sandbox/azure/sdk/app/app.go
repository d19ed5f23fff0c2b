// Package app gives the sandbox the structure of the SDK package of the same name.
package app

import (
	app "github.com/pulumi/pulumi-azure-native-sdk/app/v2/v20240301"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("azure-native:app/v20240301:ManagedEnvironment", app.ManagedEnvironmentArgs{}, app.ManagedEnvironment{})
	sandbox.Describe("azure-native:app/v20240301:ContainerApp", app.ContainerAppArgs{}, app.ContainerApp{})
	sandbox.Describe("azure-native:app/v20240301:Job", app.JobArgs{}, app.Job{})
	sandbox.Describe("azure-native:app/v20240301:ManagedCertificate", app.ManagedCertificateArgs{}, app.ManagedCertificate{})
}
