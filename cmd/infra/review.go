package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ai-worker/internal/review"
)

// limit is how long a comment on GitHub may be, less what surrounds a report there:
// https://github.com/orgs/community/discussions/27190
const limit = 60_000

// review makes the report of all stacks and writes it where the flags say, be it
// fine or not.
func (a *app) review(env, kind string, results []*result) (*review.Report, error) {
	approved, err := a.approvedURNs()
	if err != nil {
		return nil, err
	}
	var all []review.Stack
	for _, r := range results {
		all = append(all, review.Stack{Name: r.stack, Status: r.status, Plan: r.plan})
	}
	report := review.New(env, kind, all, approved)
	if a.reportFile != "" {
		if err := writeReport(a.reportFile, report); err != nil {
			return nil, fmt.Errorf("--report: %w", err)
		}
	}
	if a.reportJSON != "" {
		text, err := report.JSON()
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(a.reportJSON, text, 0o600); err != nil {
			return nil, fmt.Errorf("--json: %w", err)
		}
	}
	return report, nil
}

// writeReport writes a report that fits a comment and, where something had to be left
// out of that, all of it beside: x.md and x.full.txt.
func writeReport(file string, report *review.Report) error {
	fits, full := report.Markdown(limit), report.Full()
	if err := os.WriteFile(file, []byte(fits), 0o600); err != nil || fits == full {
		return err
	}
	return os.WriteFile(strings.TrimSuffix(file, filepath.Ext(file))+".full.txt", []byte(full), 0o600)
}

// approvedURNs are those of the flags and of the file.
func (a *app) approvedURNs() ([]string, error) {
	approved := a.approved
	if a.approvals == "" {
		return approved, nil
	}
	text, err := os.ReadFile(a.approvals)
	if err != nil {
		return nil, exitError{exitUsage, fmt.Errorf("--approvals: %w", err)}
	}
	return append(approved, review.Approvals(string(text))...), nil
}

// judge refuses a plan that would lose state and that nobody agreed to.
func (a *app) judge(report *review.Report) error {
	for _, urn := range report.Verdict.Stale {
		say(a.log, "approve: %s: no deletion or replacement of that is planned\n", urn)
	}
	refusals := report.Verdict.Refused()
	if len(refusals) == 0 {
		return nil
	}
	var lines []string
	for _, f := range refusals {
		lines = append(lines, fmt.Sprintf("%s of %s (%s) in %s loses %s\n  approve: %s", f.Op, f.Name, f.Type, f.Stack, f.Loses, f.URN))
	}
	return refused("this would lose state; nothing was changed. If it is meant, put the lines \"approve: ...\" into the pull request, "+
		"or give each URN with --approve:\n%s", strings.Join(lines, "\n"))
}
