// Package all links the structure of every type that the sandbox simulates.
package all

import (
	_ "ai-worker/internal/sandbox/azure/sdk/app"
	_ "ai-worker/internal/sandbox/azure/sdk/authorization"
	_ "ai-worker/internal/sandbox/azure/sdk/containerregistry"
	_ "ai-worker/internal/sandbox/azure/sdk/dbforpostgresql"
	_ "ai-worker/internal/sandbox/azure/sdk/insights"
	_ "ai-worker/internal/sandbox/azure/sdk/keyvault"
	_ "ai-worker/internal/sandbox/azure/sdk/managedidentity"
	_ "ai-worker/internal/sandbox/azure/sdk/network"
	_ "ai-worker/internal/sandbox/azure/sdk/operationalinsights"
	_ "ai-worker/internal/sandbox/azure/sdk/resources"
	_ "ai-worker/internal/sandbox/azure/sdk/storage"
)
