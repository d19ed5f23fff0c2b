package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/config"
	"ai-worker/internal/sandbox"
	_ "ai-worker/internal/sandbox/azure" // the simulated clouds
	_ "ai-worker/internal/sandbox/azure/sdk/all"
	_ "ai-worker/internal/sandbox/cloudflare"
	_ "ai-worker/internal/sandbox/gcp"
	_ "ai-worker/internal/sandbox/gcp/sdk/all"
	_ "ai-worker/internal/sandbox/kubernetes"
	states "ai-worker/internal/state"
)

// simulated is what every run on the simulated clouds says first.
const simulated = "The clouds are simulated: nothing real is read or changed, and the states are in .sandbox."

// clouds are the simulated clouds of a repository while a run uses them.
type clouds struct {
	root     string
	store    *sandbox.Store
	server   *sandbox.Server
	packages map[string]*sandbox.Package
}

func sandboxDir(root string) string { return filepath.Join(root, ".sandbox") }

// projectDir holds the project that the engine sees in a sandbox.
func projectDir(root string) string { return filepath.Join(sandboxDir(root), "project") }

// openClouds takes the clouds for this run. They stay until they are closed: a
// cancelled run still has steps to finish.
func openClouds(ctx context.Context, root string, faults []string) (*clouds, error) {
	parsed := make([]sandbox.Fault, len(faults))
	for i, text := range faults {
		fault, err := sandbox.ParseFault(text)
		if err != nil {
			return nil, exitError{exitUsage, err}
		}
		parsed[i] = fault
	}
	store, err := openStore(root)
	if err != nil {
		return nil, err
	}
	packages := sandbox.Offered()
	c := &clouds{root: root, store: store, packages: map[string]*sandbox.Package{}}
	for _, pkg := range packages {
		c.packages[pkg.Name] = pkg
	}
	if err := store.Give(filepath.Join(root, "sandbox.yaml"), packages...); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	for _, fault := range parsed {
		store.Inject(fault)
	}
	if c.server, err = sandbox.Serve(context.WithoutCancel(ctx), store, packages...); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return c, nil
}

func openStore(root string) (*sandbox.Store, error) {
	return sandbox.Open(filepath.Join(sandboxDir(root), "clouds.db"))
}

func (c *clouds) close() error {
	c.server.Close()
	return c.store.Close()
}

// pendingID is the id that a create which was cut off gave, if it got that far.
func (c *clouds) pendingID(typ string, inputs, provider map[string]any) (string, bool) {
	for name, pkg := range c.packages {
		if len(typ) > len(name) && typ[:len(name)+1] == name+":" {
			return pkg.PendingID(typ, resource.NewPropertyMapFromMap(inputs), resource.NewPropertyMapFromMap(provider))
		}
	}
	return "", false
}

// environ is what the engine needs to know to run on the clouds.
func (c *clouds) environ() (map[string]string, error) {
	dir := sandboxDir(c.root)
	state := filepath.Join(dir, "state")
	if err := os.MkdirAll(state, 0o750); err != nil {
		return nil, unwritable(state, err)
	}
	return map[string]string{
		// The backend keeps metadata beside each file and does not write it in one
		// step: a killed run could leave a state that nobody can read (gocloud.dev,
		// fileblob, setAttrs).
		"PULUMI_BACKEND_URL":       "file://" + filepath.ToSlash(state) + "?metadata=skip",
		"PULUMI_CONFIG_PASSPHRASE": "sandbox",
		"PULUMI_DEBUG_PROVIDERS":   c.server.DebugProviders(),
		"PULUMI_HOME":              filepath.Join(dir, "home"),
		"PULUMI_SKIP_UPDATE_CHECK": "true",
		// Without it the engine looks for the real plugins first, in the network.
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
		// A sandbox is thrown away, not restored; its folder should stay small.
		"PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
		"PULUMI_LOG_ROTATION_MAX_TOTAL_MB":              "20",
	}, nil
}

// statePath is where the file backend keeps the state of a stack.
func statePath(root, stack string) string {
	return filepath.Join(sandboxDir(root), "state", ".pulumi", "stacks", config.Project, stack+".json")
}

// lockDir is where it keeps the locks of a stack.
func lockDir(root, stack string) string {
	return filepath.Join(sandboxDir(root), "state", filepath.FromSlash(states.LockDir(config.Project, stack)))
}

func unwritable(path string, err error) error {
	return fmt.Errorf("cannot write to %s: %w; check that it may be written and that the disk has room", path, err)
}
