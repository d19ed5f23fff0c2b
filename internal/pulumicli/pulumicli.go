// Package pulumicli finds the Pulumi CLI that this repository pins, or builds
// it, and runs it for the Automation API. It supports Linux and macOS.
package pulumicli

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/blang/semver"
	"golang.org/x/mod/modfile"
)

const (
	// Override is the environment variable that names the folder of the CLI to
	// use, for trying another one without touching PATH.
	Override = "INFRA_PULUMI"

	cliModule  = "github.com/pulumi/pulumi/pkg/v3"
	cliPackage = cliModule + "/cmd/pulumi"
	cliName    = "pulumi"
	// The CLI learns its version from the linker; without one it says v3.X.Y-dev
	// and the Automation API refuses it.
	versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

	hostModule  = "github.com/pulumi/pulumi/sdk/v3"
	hostPackage = hostModule + "/go/pulumi-language-go"
	hostName    = "pulumi-language-go"
)

// Bin is the folder of the tools that were built for the repository at root.
func Bin(root string) string { return filepath.Join(root, ".tools", "bin") }

// Pinned is the version of the CLI that tools/go.mod pins. There is no second
// place that names it.
func Pinned(root string) (semver.Version, error) {
	version, err := required(filepath.Join(root, "tools", "go.mod"), cliModule)
	if err != nil {
		return semver.Version{}, err
	}
	return semver.ParseTolerant(version)
}

// Ensure returns the folder of a CLI that can run this repository: the one of
// INFRA_PULUMI, else a recent one on PATH, else one built from tools/go.mod. The
// first build takes minutes, which it says on log before it begins.
func Ensure(ctx context.Context, root string, log io.Writer) (string, error) {
	pin, err := Pinned(root)
	if err != nil {
		return "", err
	}
	if dir := os.Getenv(Override); dir != "" {
		if err := usable(ctx, filepath.Join(dir, cliName), pin); err != nil {
			return "", fmt.Errorf("%s=%s: %w", Override, dir, err)
		}
		return filepath.Abs(dir)
	}
	var unfit error
	if path, err := exec.LookPath(cliName); err == nil {
		if unfit = usable(ctx, path, pin); unfit == nil {
			return filepath.Abs(filepath.Dir(path))
		}
	}
	t := tool{
		name: cliName, pkg: cliPackage, module: cliModule, version: "v" + pin.String(),
		dir: filepath.Join(root, "tools"), bin: Bin(root),
		stamp: builtVersion, ldflags: "-X " + versionVariable + "=v" + pin.String(),
		notice: fmt.Sprintf("Building the Pulumi CLI v%s from tools/go.mod: about 5 minutes the first time, "+
			"later runs use .tools/bin.", pin),
	}
	return t.ensure(ctx, log, unfit)
}

// EnsureLanguageHost returns the folder of the Go language host that the plain
// CLI in cliDir needs to run the program, or "" when that CLI brought its own.
// Nothing that the Automation API runs inline needs it.
func EnsureLanguageHost(ctx context.Context, root, cliDir string, log io.Writer) (string, error) {
	if cliDir != Bin(root) {
		// Released CLIs bundle their host. A package manager links the CLI into a
		// folder of its own, so look beside what the link points to as well.
		real, err := filepath.EvalSymlinks(filepath.Join(cliDir, cliName))
		if err == nil && (executable(filepath.Join(filepath.Dir(real), hostName)) || executable(filepath.Join(cliDir, hostName))) {
			return "", nil
		}
		if _, err := exec.LookPath(hostName); err == nil {
			return "", nil
		}
	}
	dir := filepath.Join(root, "tools", "languagehost")
	version, err := required(filepath.Join(dir, "go.mod"), hostModule)
	if err != nil {
		return "", err
	}
	t := tool{
		name: hostName, pkg: hostPackage, module: hostModule, version: version, dir: dir, bin: Bin(root), stamp: builtVersion,
		notice: "Building the Go language host for the plain Pulumi CLI from tools/languagehost/go.mod: about half a minute.",
	}
	return t.ensure(ctx, log, nil)
}

// usable says why the CLI at path cannot be used with pin, or nil. Up to the
// next major version a newer CLI runs what an older one did.
func usable(ctx context.Context, path string, pin semver.Version) error {
	version, err := versionOf(ctx, path)
	switch {
	case err != nil:
		return err
	case version.Major != pin.Major:
		return fmt.Errorf("pulumi v%s has another major version than the pinned v%s", version, pin)
	case version.LT(pin):
		return fmt.Errorf("pulumi v%s is older than the pinned v%s", version, pin)
	}
	return nil
}

// versionOf is the version of the CLI at path. One that was built from the
// module proxy carries it in its build info, which spares a start of the CLI.
func versionOf(ctx context.Context, path string) (semver.Version, error) {
	if v := builtVersion(path, cliModule); v != "" {
		return semver.ParseTolerant(v)
	}
	cmd := exec.CommandContext(ctx, path, "version") //nolint:gosec // the user says which CLI to run
	cmd.Env = append(os.Environ(), "PULUMI_SKIP_UPDATE_CHECK=true")
	out, err := cmd.Output()
	if err != nil {
		return semver.Version{}, fmt.Errorf("%s version: %w", path, err)
	}
	return semver.ParseTolerant(strings.TrimSpace(string(out)))
}

// builtVersion is the version of module, as the module proxy serves it, that
// the binary at path is the program of, or "". A release that was built from a
// checkout has no checksum there and says nothing reliable.
func builtVersion(path, module string) string {
	info, err := buildinfo.ReadFile(path)
	if err != nil || info.Main.Path != module || info.Main.Sum == "" {
		return ""
	}
	return info.Main.Version
}

// required is the version of module that the go.mod at path requires.
func required(path, module string) (string, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s, which pins the Pulumi CLI, is missing: run this in the repository", path)
	} else if err != nil {
		return "", err
	}
	file, err := modfile.ParseLax(path, data, nil)
	if err != nil {
		return "", err
	}
	for _, r := range file.Require {
		if r.Mod.Path == module {
			return r.Mod.Version, nil
		}
	}
	return "", fmt.Errorf("%s does not require %s", path, module)
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
