package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	infraLine = regexp.MustCompile("(?m)(?:^\\$ |^|`)(?:go run \\./cmd/)?infra ([^`\\n#]+)")
	makeLine  = regexp.MustCompile("(?m)(?:^|`)(?:ENV=\\w+ )?make ((?:[a-z-]+ ?)+)(?:`|$)")
)

// TestDocs: what the documents tell to type exists; what they link to, internal/links checks.
func TestDocs(t *testing.T) {
	root, err := findRoot(".")
	require.NoError(t, err)
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	require.NoError(t, err)
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	docs = append(docs, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md"))
	commands := 0
	for _, doc := range docs {
		text, err := os.ReadFile(doc)
		require.NoError(t, err)
		for _, found := range infraLine.FindAllStringSubmatch(string(text), -1) {
			args := strings.Fields(found[1])
			commands++
			command, rest, err := (&app{}).command(t.Context()).Find(args)
			require.NoError(t, err, "%s: infra %s", doc, found[1])
			if !command.HasParent() && strings.HasPrefix(found[1], "--") {
				continue // a flag alone, in prose
			}
			require.True(t, command.Runnable(), "%s: infra %s", doc, found[1])
			for _, arg := range rest {
				if name, isFlag := strings.CutPrefix(arg, "--"); isFlag {
					name, _, _ = strings.Cut(name, "=")
					flag := command.Flags().Lookup(name)
					if flag == nil {
						flag = command.InheritedFlags().Lookup(name)
					}
					require.NotNil(t, flag, "%s: infra %s: --%s", doc, found[1], name)
				}
			}
		}
		for _, found := range makeLine.FindAllStringSubmatch(string(text), -1) {
			commands++
			for _, target := range strings.Fields(found[1]) {
				require.Regexp(t, `(?m)^`+target+`:`, string(makefile), "%s: make %s", doc, target)
			}
		}
	}
	require.Greater(t, commands, 20, "the documents name commands, and this found few")
}
