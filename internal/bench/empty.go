package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/internal/pulumicli"
)

// empty previews a program without resources, with the CLI that infra uses.
func empty(ctx context.Context) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	path, err := pulumicli.Ensure(ctx, root, os.Stderr)
	if err != nil {
		return err
	}
	cli, err := pulumicli.New(ctx, path)
	if err != nil {
		return err
	}
	dir := filepath.Join(root, ".empty")
	if err := os.MkdirAll(filepath.Join(dir, "state"), 0o750); err != nil {
		return err
	}
	stack, err := auto.UpsertStackInlineSource(ctx, "empty", "empty", func(*pulumi.Context) error { return nil },
		auto.Pulumi(cli), auto.WorkDir(dir),
		auto.Project(workspace.Project{Name: tokens.PackageName("empty"), Runtime: workspace.NewProjectRuntimeInfo("go", nil)}),
		auto.EnvVars(map[string]string{
			"PULUMI_BACKEND_URL": "file://" + filepath.Join(dir, "state"), "PULUMI_CONFIG_PASSPHRASE": "sandbox",
			"PULUMI_HOME": filepath.Join(dir, "home"), "PULUMI_SKIP_UPDATE_CHECK": "true",
		}))
	if err != nil {
		return err
	}
	_, err = stack.Preview(ctx, optpreview.SuppressProgress())
	return err
}
