// Package all links the structure of every type that the sandbox simulates.
package all

import (
	_ "ai-worker/internal/sandbox/gcp/sdk/artifactregistry"
	_ "ai-worker/internal/sandbox/gcp/sdk/certificatemanager"
	_ "ai-worker/internal/sandbox/gcp/sdk/compute"
	_ "ai-worker/internal/sandbox/gcp/sdk/container"
	_ "ai-worker/internal/sandbox/gcp/sdk/iam"
	_ "ai-worker/internal/sandbox/gcp/sdk/kms"
	_ "ai-worker/internal/sandbox/gcp/sdk/projects"
	_ "ai-worker/internal/sandbox/gcp/sdk/secretmanager"
	_ "ai-worker/internal/sandbox/gcp/sdk/serviceaccount"
	_ "ai-worker/internal/sandbox/gcp/sdk/servicenetworking"
	_ "ai-worker/internal/sandbox/gcp/sdk/sql"
	_ "ai-worker/internal/sandbox/gcp/sdk/storage"
)
