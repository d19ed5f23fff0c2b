package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"ai-worker/internal/github"
	"ai-worker/internal/review"
	"ai-worker/stacks"
)

// githubCommand is what workflows have to say and to read on GitHub.
func (a *app) githubCommand(ctx context.Context) *cobra.Command {
	c := &cobra.Command{
		Use:   "github",
		Short: "Comments, approvals, issues and pull requests, for workflows",
		Long: `What it works on stands in the environment, as GitHub Actions sets it: GITHUB_REPOSITORY, GITHUB_API_URL and,
passed on by the step, GITHUB_TOKEN. A run that failed halfway is simply run again.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("unknown command %q for %q", args[0], c.CommandPath())
			}
			return c.Help()
		},
	}
	c.AddCommand(a.githubApprovals(ctx), a.githubComment(ctx), a.githubDrift(ctx), a.githubPullRequest(ctx))
	return c
}

// noArguments refuses arguments of a command that has flags only.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no argument %q, only flags", c.CommandPath(), args[0])
	}
	return nil
}

func (a *app) githubApprovals(ctx context.Context) *cobra.Command {
	var pull int
	var commit, out string
	c := &cobra.Command{
		Use:   "approvals (--pull N | --commit SHA) --out FILE",
		Short: "Write the lines \"approve: URN\" of a pull request, as far as people wrote them who may write to the repository",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if (pull > 0) == (commit != "") || pull < 0 || out == "" {
				return usage("want a pull request or a commit, and a file: infra github approvals (--pull N | --commit SHA) --out FILE")
			}
			client, err := github.New(os.Getenv)
			if err != nil {
				return err
			}
			var found []github.Approval
			if pull > 0 {
				found, err = client.Approvals(ctx, pull)
			} else {
				found, err = client.ApprovalsOfCommit(ctx, commit)
			}
			if err != nil {
				return err
			}
			return a.writeApprovals(found, out)
		},
	}
	c.Flags().IntVar(&pull, "pull", 0, "the number of the pull request")
	c.Flags().StringVar(&commit, "commit", "", "a commit: the merged pull requests that it came with; none if it was pushed directly")
	c.Flags().StringVar(&out, "out", "", "the file to write, for --approvals; it is empty if there are none")
	return c
}

// writeApprovals writes those that count, and tells of each who wrote it.
func (a *app) writeApprovals(found []github.Approval, file string) error {
	var lines strings.Builder
	for _, f := range found {
		if f.Ignored != "" {
			say(a.log, "does not count: %s: by %s, %s: %s\n", f.URN, f.By, f.Address, f.Ignored)
			continue
		}
		say(a.log, "approved: %s: by %s, %s\n", f.URN, f.By, f.Address)
		lines.WriteString("approve: " + f.URN + "\n")
	}
	return os.WriteFile(file, []byte(lines.String()), 0o600)
}

func (a *app) githubComment(ctx context.Context) *cobra.Command {
	var pull int
	var reports string
	c := &cobra.Command{
		Use:   "comment --pull N --reports DIR",
		Short: "Make all reports DIR/*.md the one comment of a pull request",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if pull <= 0 || reports == "" {
				return usage("want a pull request and a folder: infra github comment --pull N --reports DIR")
			}
			client, err := github.New(os.Getenv)
			if err != nil {
				return err
			}
			parts, err := github.Reports(reports, stacks.Environments())
			if err != nil {
				return err
			}
			done, err := client.Comment(ctx, pull, parts)
			if err != nil {
				return err
			}
			say(a.out, "%s\n", done)
			if len(parts) == 0 { // the comment says so, instead of what is no longer true
				return fmt.Errorf("%s has no *.md: infra preview --report writes them", reports)
			}
			return nil
		},
	}
	c.Flags().IntVar(&pull, "pull", 0, "the number of the pull request")
	c.Flags().StringVar(&reports, "reports", "", "the folder with the reports")
	return c
}

func (a *app) githubDrift(ctx context.Context) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "drift ENV --json FILE",
		Short: "Open the issue about the drift of an environment, bring it up to date, or close it",
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			env, err := environmentOf(args)
			if err != nil {
				return err
			}
			if file == "" {
				return usage("--json is missing: the report that infra drift %s --json FILE writes", env)
			}
			report, err := driftReport(file, env)
			if err != nil {
				return err
			}
			client, err := github.New(os.Getenv)
			if err != nil {
				return err
			}
			done, err := client.Drift(ctx, github.Drift{
				Environment: env, Drifted: report.Drifted, Failed: report.Failed, Text: report.Markdown(github.MaxDriftText),
			})
			if err != nil {
				return err
			}
			say(a.out, "%s\n", done)
			return nil
		},
	}
	c.Flags().StringVar(&file, "json", "", "the report that infra drift wrote")
	return c
}

// driftReport is the report in a file, which must be about the drift of env.
func driftReport(file, env string) (*review.Report, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--json: %w", err)
	}
	report, err := review.Read(text)
	if err != nil {
		return nil, fmt.Errorf("--json %s: %w", file, err)
	}
	if report.Kind != review.Drift || report.Environment != env {
		return nil, fmt.Errorf("--json %s: a %s report of %s, not a drift report of %s", file, report.Kind, report.Environment, env)
	}
	return report, nil
}

func (a *app) githubPullRequest(ctx context.Context) *cobra.Command {
	var want github.Pull
	var file string
	c := &cobra.Command{
		Use:   "pull-request --branch B --base BASE --title T --body-file F [--auto-merge]",
		Short: "Open the pull request of a branch that is pushed already, or bring it up to date",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if want.Branch == "" || want.Base == "" || want.Title == "" || file == "" {
				return usage("want two branches and the texts: infra github pull-request --branch B --base BASE --title T --body-file F")
			}
			body, err := os.ReadFile(file)
			if err != nil {
				return fmt.Errorf("--body-file: %w", err)
			}
			want.Body = string(body)
			client, err := github.New(os.Getenv)
			if err != nil {
				return err
			}
			done, err := client.PullRequest(ctx, want)
			if err != nil {
				return err
			}
			say(a.out, "%s\n", done)
			return nil
		},
	}
	c.Flags().StringVar(&want.Branch, "branch", "", "the branch to merge")
	c.Flags().StringVar(&want.Base, "base", "", "the branch to merge into")
	c.Flags().StringVar(&want.Title, "title", "", "the title")
	c.Flags().StringVar(&file, "body-file", "", "a file with the description; one in which somebody approved something stays as it is")
	c.Flags().BoolVar(&want.AutoMerge, "auto-merge", false, "have GitHub merge it, with a merge commit, once its checks and reviews are there")
	return c
}
