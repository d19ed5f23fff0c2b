// Program bench measures what users wait for and prints it as tables with
// ratios: a preview against that of an empty program under the same CLI, how
// time and memory grow with the number of workloads, and the tests.
package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"gopkg.in/yaml.v3"
)

func main() {
	run := measure
	if len(os.Args) > 1 && os.Args[1] == "empty" {
		run = empty
	}
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// sample is one run of a command.
type sample struct {
	wall   time.Duration
	memory int64 // memory is the most that the process itself had at once, in MiB.
	out    string
}

// timed runs a command in dir.
func timed(ctx context.Context, dir, name string, args ...string) (sample, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // the commands are this program's own
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return sample{}, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, out.String())
	}
	s := sample{wall: time.Since(start), out: out.String()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.memory = usage.Maxrss / 1024 // Linux counts in KiB
	}
	return s, nil
}

// median runs a command n times and returns the sample in the middle.
func median(ctx context.Context, n int, dir, name string, args ...string) (sample, error) {
	samples := make([]sample, n)
	for i := range samples {
		var err error
		if samples[i], err = timed(ctx, dir, name, args...); err != nil {
			return sample{}, err
		}
	}
	slices.SortFunc(samples, func(a, b sample) int { return int(a.wall - b.wall) })
	return samples[n/2], nil
}

func measure(ctx context.Context) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "ai-worker-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left is in the temporary folder
	infra, self := filepath.Join(dir, "infra"), filepath.Join(dir, "bench")
	for binary, pkg := range map[string]string{infra: "./cmd/infra", self: "./internal/bench"} {
		if _, err := timed(ctx, root, "go", "build", "-o", binary, pkg); err != nil {
			return err
		}
	}
	if err := previews(ctx, root, dir, infra, self); err != nil {
		return err
	}
	if err := growth(ctx, root, dir, infra); err != nil {
		return err
	}
	return tests(ctx, root)
}

func previews(ctx context.Context, root, dir, infra, self string) error {
	work, err := checkout(root, filepath.Join(dir, "preview"), 0)
	if err != nil {
		return err
	}
	base, err := median(ctx, 5, work, self, "empty")
	if err != nil {
		return err
	}
	fmt.Println("preview, warm                         wall    memory   ratio to empty")
	row := func(what string, s sample) {
		fmt.Printf("%-34s %6.2f s %5d MiB   %.2f\n", what, s.wall.Seconds(), s.memory, float64(s.wall)/float64(base.wall))
	}
	row("an empty program", base)
	for _, env := range []string{"dev", "stage", "prod"} {
		s, err := median(ctx, 5, work, infra, "--sandbox", "preview", env)
		if err != nil {
			return err
		}
		row("infra --sandbox preview "+env, s)
	}
	fmt.Println()
	return nil
}

func growth(ctx context.Context, root, dir, infra string) error {
	fmt.Println("workloads   resources   preview   per resource   ratio   memory   per resource   ratio")
	var first [2]float64
	for i, n := range []int{3, 30, 100, 300} {
		work, err := checkout(root, filepath.Join(dir, fmt.Sprint(n)), n)
		if err != nil {
			return err
		}
		s, err := median(ctx, 3, work, infra, "--sandbox", "preview", "dev")
		if err != nil {
			return err
		}
		resources, err := created(s.out)
		if err != nil {
			return err
		}
		each := [2]float64{float64(s.wall.Milliseconds()) / float64(resources), float64(s.memory) / float64(resources)}
		if i == 0 {
			first = each
		}
		fmt.Printf("%9d   %9d   %5.2f s   %9.1f ms   %5.2f   %3d MiB   %8.2f MiB   %5.2f\n",
			n, resources, s.wall.Seconds(), each[0], each[0]/first[0], s.memory, each[1], each[1]/first[1])
	}
	fmt.Println()
	return nil
}

// created reads the number of resources from the summary table.
func created(out string) (int, error) {
	for _, line := range strings.Split(out, "\n") {
		fields := strings.Fields(line)
		var n int
		if len(fields) > 1 && fields[0] == "dev-gcp" {
			if _, err := fmt.Sscan(fields[1], &n); err == nil && n > 0 {
				return n, nil
			}
		}
	}
	return 0, fmt.Errorf("no summary of dev-gcp in\n%s", out)
}

func tests(ctx context.Context, root string) error {
	fmt.Println("tests, warm                           wall")
	for _, run := range []struct {
		pkg   string
		times int
	}{{"./components/gcp/bucket", 3}, {"./components/gcp/cloudsql", 3}, {"./...", 1}} {
		s, err := median(ctx, run.times, root, "go", "test", "-count=1", run.pkg)
		if err != nil {
			return err
		}
		fmt.Printf("go test %-26s %6.1f s\n", run.pkg, s.wall.Seconds())
	}
	return nil
}

// checkout makes a folder that infra takes for the repository: its settings,
// with n workloads in dev where n is not 0, and its tools.
func checkout(root, dir string, n int) (string, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	for _, name := range []string{"tools", ".tools", "go.mod", "sandbox.yaml"} {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)); err != nil {
			return "", err
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "Pulumi*.yaml"))
	if err != nil {
		return "", err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		if n > 0 && filepath.Base(file) == "Pulumi.dev.yaml" {
			if text, err = multiplied(text, n); err != nil {
				return "", err
			}
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), text, 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// multiplied gives settings n workloads, all like the worker.
func multiplied(text []byte, n int) ([]byte, error) {
	var file map[string]any
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	gcp := file["config"].(map[string]any)["ai-worker:gcp"].(map[string]any)
	worker := gcp["workloads"].(map[string]any)["worker"].(map[string]any)
	workloads := map[string]any{"external-dns": gcp["workloads"].(map[string]any)["external-dns"]} // the cluster's stack names it
	for i := range n {
		workloads[fmt.Sprintf("worker%d", i)] = maps.Clone(worker)
	}
	gcp["workloads"] = workloads
	return yaml.Marshal(file)
}
