// Package links checks the links of the Markdown files of a repository: a relative one
// must lead to a file, and its anchor to a heading there. Of external ones only the form
// is checked, so that no check depends on somebody else's server.
package links

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// Result is what [Check] found.
type Result struct {
	Files, Links int
}

// Check checks every Markdown file of a repository, hidden folders other than .github
// left out. The error joins every problem, each with file and line.
func Check(repository fs.FS) (Result, error) {
	var result Result
	var problems []error
	err := fs.WalkDir(repository, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return enter(name, d.Name())
		}
		if path.Ext(name) != ".md" {
			return nil
		}
		p, err := load(repository, name)
		if err != nil {
			return err
		}
		result.Files++
		result.Links += len(p.links)
		for _, l := range p.links {
			if err := l.check(repository, name); err != nil {
				problems = append(problems, fmt.Errorf("%s:%d: %q: %w", name, l.line, l.target, err))
			}
		}
		return nil
	})
	return result, errors.Join(append(problems, err)...)
}

// enter says whether a folder is looked into.
func enter(name, base string) error {
	if base == "node_modules" || strings.HasPrefix(base, ".") && name != "." && base != ".github" {
		return fs.SkipDir
	}
	return nil
}

// check says what is wrong with a link of the file name, or nil.
func (l link) check(repository fs.FS, name string) error {
	u, err := url.Parse(l.target)
	switch {
	case err != nil:
		return fmt.Errorf("is no address: %w", errors.Unwrap(err))
	case u.Scheme == "mailto" && strings.Contains(u.Opaque, "@"):
		return nil
	case u.Scheme != "":
		if (u.Scheme != "https" && u.Scheme != "http") || !strings.Contains(u.Host, ".") {
			return errors.New("want https://HOST/..., or a path in the repository")
		}
		return nil
	case strings.HasPrefix(u.Path, "/"):
		return errors.New("want a path from this file: GitHub takes one that begins with / for its own")
	}
	target := name
	if u.Path != "" {
		target = path.Join(path.Dir(name), u.Path)
	}
	if !fs.ValidPath(target) {
		return errors.New("leads out of the repository")
	}
	info, err := fs.Stat(repository, target)
	switch {
	case err != nil:
		return fmt.Errorf("there is no %s", target)
	case u.Fragment == "" || info.IsDir() || path.Ext(target) != ".md":
		return nil // a line of source (#L10) moves with every change, and nothing holds it
	}
	p, err := load(repository, target)
	if err != nil {
		return err
	}
	if !p.anchors[u.Fragment] {
		return fmt.Errorf("%s has no heading #%s", target, u.Fragment)
	}
	return nil
}

// link is one target in a file.
type link struct {
	line   int
	target string
}

// page is what of a file concerns links.
type page struct {
	links   []link
	anchors map[string]bool
}

var (
	fence      = regexp.MustCompile("^ {0,3}(```+|~~~+)")
	code       = regexp.MustCompile("(`+)[^`].*?(`+)")
	inline     = regexp.MustCompile(`\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)`)
	definition = regexp.MustCompile(`^ {0,3}\[[^\]]+\]:\s+<?([^\s>]+)>?`)
	heading    = regexp.MustCompile(`^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$`)
	anchor     = regexp.MustCompile(`<a\s+(?:id|name)="([^"]+)"`)
	label      = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	dropped    = regexp.MustCompile(`[^\p{L}\p{M}\p{N}\p{Pc} -]`)
)

func load(repository fs.FS, name string) (page, error) {
	text, err := fs.ReadFile(repository, name)
	return parse(string(text)), err
}

// parse reads line by line. Code, in blocks or in a line, holds no links.
func parse(text string) page {
	p := page{anchors: map[string]bool{}}
	seen := map[string]int{}
	open := ""
	for i, line := range strings.Split(text, "\n") {
		if m := fence.FindStringSubmatch(line); m != nil {
			switch {
			case open == "":
				open = m[1]
			case strings.HasPrefix(m[1], open):
				open = ""
			}
			continue
		}
		if open != "" {
			continue
		}
		if m := heading.FindStringSubmatch(line); m != nil {
			slug := slugOf(m[1])
			if n := seen[slug]; n > 0 {
				p.anchors[fmt.Sprintf("%s-%d", slug, n)] = true
			} else {
				p.anchors[slug] = true
			}
			seen[slug]++
		}
		plain := code.ReplaceAllString(line, "")
		for _, m := range anchor.FindAllStringSubmatch(plain, -1) {
			p.anchors[m[1]] = true
		}
		for _, m := range append(inline.FindAllStringSubmatch(plain, -1), definition.FindAllStringSubmatch(plain, -1)...) {
			p.links = append(p.links, link{line: i + 1, target: m[1]})
		}
	}
	return p
}

// slugOf is the anchor that GitHub gives a heading: its text in lower case without
// punctuation, each space a hyphen
// (https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links).
func slugOf(text string) string {
	text = label.ReplaceAllString(text, "$1")
	text = dropped.ReplaceAllString(strings.ToLower(text), "")
	return strings.ReplaceAll(text, " ", "-")
}
