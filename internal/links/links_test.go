package links_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/links"
)

const other = "# Other: *a* `b`, [c](x.go)\n\n## Twice\n\n## Twice\n\n<a id=\"own\"></a>\n\n```\n# not a heading\n```\n"

func TestCheck(t *testing.T) {
	for text, want := range map[string]string{
		"[a](docs/other.md)":                                "",
		"[a](docs/other.md#other-a-b-c)":                    "",
		"[a](docs/other.md#twice) [b](docs/other.md#own)":   "",
		"[a](docs/other.md#twice-1 \"title\")":              "",
		"# One\n[a](#one)":                                  "",
		"[a](docs) ![b](docs/x.go#L3)":                      "",
		"[a](https://example.com/x#y) [b](mailto:a@b.test)": "",
		"[a]: docs/other.md":                                "",
		"`[a](gone.md)` and ``[a](gone.md)``":               "",
		"```\n[a](gone.md)\n```":                            "",

		"[a](gone.md)":                         `README.md:1: "gone.md": there is no gone.md`,
		"one\n[a](docs/other.md) [b](gone.md)": `README.md:2: "gone.md": there is no gone.md`,
		"```\n```\n[a](gone.md)":               `README.md:3: "gone.md": there is no gone.md`,
		"[a]: gone.md":                         `README.md:1: "gone.md": there is no gone.md`,
		"[a](docs/other.md#gone)":              `docs/other.md has no heading #gone`,
		"[a](docs/other.md#twice-2)":           `docs/other.md has no heading #twice-2`,
		"[a](docs/other.md#not-a-heading)":     `docs/other.md has no heading #not-a-heading`,
		"[a](../x.md)":                         "leads out of the repository",
		"[a](/docs/other.md)":                  "want a path from this file",
		"[a](https://example)":                 "want https://HOST/...",
		"[a](htps://example.com)":              "want https://HOST/...",
		"[a](https://%zz)":                     "is no address",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := links.Check(repository(map[string]string{"README.md": text, "docs/other.md": other, "docs/x.go": ""}))
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
		})
	}
}

func TestCheckCounts(t *testing.T) {
	files := map[string]string{}
	for _, dir := range []string{"", ".github/", ".hidden/", "node_modules/"} {
		files[dir+"a.md"] = "[a](a.md)"
	}
	result, err := links.Check(repository(files))
	require.NoError(t, err)
	require.Equal(t, links.Result{Files: 2, Links: 2}, result)
}

func repository(files map[string]string) fs.FS {
	all := fstest.MapFS{}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}
