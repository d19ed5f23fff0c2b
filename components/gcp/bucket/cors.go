package bucket

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/storage"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// CORS is what pages of some origins may do.
type CORS struct {
	// Origins are exact: "https://app.example.com", or "http://localhost:3000" for
	// local development. A wildcard is refused.
	Origins []string
	Methods []string // Methods such as GET and PUT. At least one.
	// ResponseHeaders that a page may send and read, such as Content-Type.
	ResponseHeaders []string
	MaxAgeSeconds   int // MaxAgeSeconds that a browser keeps a preflight's answer; 0 means 3600.
}

var (
	headerShape = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	corsMethods = []string{
		http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodOptions,
	}
)

func (c CORS) check(at string, p *components.Problems) {
	p.Want(len(c.Origins) != 0, "%s.origins: want at least one", at)
	for i, origin := range c.Origins {
		p.Want(exactOrigin(origin), `%s.origins[%d] %q: want an exact origin such as "https://app.example.com" or "http://localhost:3000"`, at, i, origin)
	}
	p.Want(len(c.Methods) != 0, "%s.methods: want at least one", at)
	for i, method := range c.Methods {
		p.OneOf(fmt.Sprintf("%s.methods[%d]", at, i), method, corsMethods...)
	}
	for i, header := range c.ResponseHeaders {
		p.Want(headerShape.MatchString(header), `%s.responseHeaders[%d] %q: want a header such as "Content-Type"`, at, i, header)
	}
	p.Want(c.MaxAgeSeconds >= 0, "%s.maxAgeSeconds %d: want seconds, or 0 for 3600", at, c.MaxAgeSeconds)
}

// exactOrigin says whether a browser could send origin, and may: plain http is
// for the developer's own machine.
func exactOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || origin != u.Scheme+"://"+u.Host || origin != strings.ToLower(origin) || strings.ContainsAny(origin, "*@ ") {
		return false
	}
	local := u.Hostname() == "localhost" && u.Port() != ""
	return u.Hostname() != "" && (u.Scheme == "https" || u.Scheme == "http" && local)
}

func (a *Args) cors() storage.BucketCorArray {
	var inputs storage.BucketCorArray
	for _, c := range a.CORS {
		inputs = append(inputs, storage.BucketCorArgs{
			Origins:         pulumi.ToStringArray(c.Origins),
			Methods:         pulumi.ToStringArray(c.Methods),
			ResponseHeaders: gcp.Texts(c.ResponseHeaders),
			MaxAgeSeconds:   pulumi.Int(cmp.Or(c.MaxAgeSeconds, 3600)),
		})
	}
	return inputs
}
