package zonefile

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// tagsKey is what stands before the tags of a record in its comment.
	tagsKey    = "cf_tags="
	maxComment = 500 // Cloudflare, on paid plans; 100 on Free.
)

// annotate sets what the comment behind a record says: the proxy, and the
// comment itself. It returns what settings cannot have.
func (r *Record) annotate(behind string) (left []string) {
	comment, tags := annotations(behind)
	for _, tag := range tags {
		switch {
		case tag == "cf-proxied:false":
		case tag == "cf-proxied:true" && slices.Contains(proxiable, r.Type):
			r.Proxied, r.TTL = true, 0 // its TTL is automatic, whatever the file says
		case tag == "cf-proxied:true":
			left = append(left, fmt.Sprintf("cf-proxied: only %s can be proxied", strings.Join(proxiable, ", ")))
		case tag == "cf-flatten-cname":
			left = append(left, "cf-flatten-cname: the provider cannot flatten one record")
		default:
			left = append(left, fmt.Sprintf("its tag %q: settings have no tags, and an update of the record removes it", tag))
		}
	}
	switch n := utf8.RuneCountInString(comment); {
	case n > maxComment:
		left = append(left, fmt.Sprintf("its comment, which has %d characters: Cloudflare takes %d", n, maxComment))
	case !utf8.ValidString(comment) || strings.ContainsFunc(comment, func(c rune) bool { return !unicode.IsPrint(c) }):
		left = append(left, "its comment, which is no printable text")
	default:
		r.Comment = comment
	}
	return left
}

// annotations divides what stands behind a record into comment and tags. Tags
// come last; a comment that has their key in it is followed by the key once more.
func annotations(behind string) (comment string, tags []string) {
	behind = strings.TrimSpace(behind)
	at := strings.LastIndex(" "+behind, " "+tagsKey)
	if at < 0 {
		return behind, nil
	}
	for _, tag := range splitTags(behind[at+len(tagsKey):]) {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, strings.ToValidUTF8(tag, "?"))
		}
	}
	return strings.TrimSpace(behind[:at]), tags
}

// splitTags divides tags at their commas. The value of a tag may be a JSON
// string, with commas in it.
func splitTags(list string) (tags []string) {
	begin, quoted := 0, false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			tags, begin = append(tags, list[begin:i]), i+1
		}
	}
	return append(tags, list[begin:])
}
