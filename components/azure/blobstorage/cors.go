package blobstorage

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/storage/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// CORS is what pages of some origins may do.
type CORS struct {
	// Origins are exact: "https://app.example.com", or "http://localhost:3000" for
	// local development. A wildcard is refused.
	Origins []string
	Methods []string // Methods such as GET and PUT. At least one.
	// RequestHeaders that a page may send, such as Content-Type and X-Ms-Blob-Type,
	// which an upload must have; one of "X-Ms-Meta-*" stands for all that begin so.
	RequestHeaders []string
	// ResponseHeaders that a page may read, such as ETag.
	ResponseHeaders []string
	MaxAgeSeconds   int // MaxAgeSeconds that a browser keeps a preflight's answer; 0 means 3600.
}

// https://learn.microsoft.com/rest/api/storageservices/set-blob-service-properties
const (
	maxCORS        = 5
	maxCORSLists   = 64  // origins, and headers of each kind
	maxCORSText    = 256 // characters of an origin or header
	maxCORSHeaders = 2   // headers of each kind with a wildcard at the end
	maxCORSBytes   = 2 << 10
)

var (
	headerShape = regexp.MustCompile(`^[A-Za-z0-9-]+\*?$`)
	corsMethods = []string{
		http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodOptions, "MERGE",
	}
)

func (a *Args) checkCORS(p *components.Problems) {
	p.Want(len(a.CORS) == 0 || a.AllowInternet, "cors: no browser reaches an account without allowInternet")
	p.Want(len(a.CORS) <= maxCORS, "cors: %d rules, want at most %d", len(a.CORS), maxCORS)
	bytes := 0
	for i, c := range a.CORS {
		c.check(fmt.Sprintf("cors[%d]", i), p)
		for _, text := range slices.Concat(c.Origins, c.Methods, c.RequestHeaders, c.ResponseHeaders) {
			bytes += len(text) + 1
		}
	}
	p.Want(bytes <= maxCORSBytes, "cors: %d bytes in all, want at most %d", bytes, maxCORSBytes)
}

func (c CORS) check(at string, p *components.Problems) {
	p.Want(len(c.Origins) >= 1 && len(c.Origins) <= maxCORSLists, "%s.origins: %d of them, want 1 to %d", at, len(c.Origins), maxCORSLists)
	for i, origin := range c.Origins {
		p.Want(exactOrigin(origin), `%s.origins[%d] %q: want an exact origin such as "https://app.example.com" or "http://localhost:3000"`, at, i, origin)
	}
	p.Want(len(c.Methods) != 0, "%s.methods: want at least one", at)
	for i, method := range c.Methods {
		p.OneOf(fmt.Sprintf("%s.methods[%d]", at, i), method, corsMethods...)
	}
	checkHeaders(p, at+".requestHeaders", c.RequestHeaders)
	checkHeaders(p, at+".responseHeaders", c.ResponseHeaders)
	p.Want(c.MaxAgeSeconds >= 0, "%s.maxAgeSeconds %d: want seconds, or 0 for 3600", at, c.MaxAgeSeconds)
}

func checkHeaders(p *components.Problems, field string, headers []string) {
	wild := 0
	for i, header := range headers {
		p.Want(len(header) <= maxCORSText && headerShape.MatchString(header),
			`%s[%d] %q: want a header such as "Content-Type" or "X-Ms-Meta-*", at most %d characters`, field, i, header, maxCORSText)
		if strings.HasSuffix(header, "*") {
			wild++
		}
	}
	p.Want(wild <= maxCORSHeaders, "%s: %d with a wildcard, want at most %d", field, wild, maxCORSHeaders)
	p.Want(len(headers)-wild <= maxCORSLists, "%s: %d of them, want at most %d", field, len(headers)-wild, maxCORSLists)
}

// exactOrigin says whether a browser could send origin, and may: plain http is
// for the developer's own machine.
func exactOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || len(origin) > maxCORSText || origin != u.Scheme+"://"+u.Host || origin != strings.ToLower(origin) || strings.ContainsAny(origin, "*@ ") {
		return false
	}
	local := u.Hostname() == "localhost" && u.Port() != ""
	return u.Hostname() != "" && (u.Scheme == "https" || u.Scheme == "http" && local)
}

func (a *Args) cors() storage.CorsRulesArgs {
	rules := storage.CorsRuleArray{}
	for _, c := range a.CORS {
		rules = append(rules, storage.CorsRuleArgs{ // Azure wants every list, if empty
			AllowedOrigins:  pulumi.ToStringArray(c.Origins),
			AllowedMethods:  pulumi.ToStringArray(c.Methods),
			AllowedHeaders:  pulumi.ToStringArray(c.RequestHeaders),
			ExposedHeaders:  pulumi.ToStringArray(c.ResponseHeaders),
			MaxAgeInSeconds: pulumi.Int(cmp.Or(c.MaxAgeSeconds, 3600)),
		})
	}
	return storage.CorsRulesArgs{CorsRules: rules}
}
