package cloudflare

import (
	"os"
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

// The provider's own patterns, which are not anchored.
var (
	apiToken = regexp.MustCompile(`[A-Za-z0-9_-]{40}`)
	apiKey   = regexp.MustCompile(`[0-9a-f]{37}`)
)

// checkConfig is what the provider says of the credentials that the program gives.
// Those of the environment it does not check.
func checkConfig(config resource.PropertyMap) []sandbox.Problem {
	o := &sandbox.Object{Props: config}
	var problems []sandbox.Problem
	refuse := func(wrong bool, path, reason string) {
		if wrong {
			problems = append(problems, sandbox.Problem{Path: path, Reason: reason})
		}
	}
	refuse(o.Known("apiToken") && !apiToken.MatchString(o.Str("apiToken")), "apiToken", "could not validate provider configuration: "+
		"invalid value for api_token (API tokens must be 40 characters long and only contain characters a-z, A-Z, 0-9, hyphens and underscores).")
	refuse(o.Known("apiKey") && !apiKey.MatchString(o.Str("apiKey")), "apiKey",
		"API key must be 37 characters long and only contain characters 0-9 and a-f (all lowercased)")
	refuse(o.Has("email") && o.Has("apiToken"), "email", `Conflicting configuration arguments. "email": conflicts with api_token.`)
	refuse(o.Has("email") && !o.Has("apiKey"), "email", "Missing required argument. \"email\": all of `api_key,email` must be specified.")
	refuse(o.Has("apiKey") && !o.Has("email"), "email",
		`Invalid Attribute Combination. Attribute "email" must be specified when "api_key" is specified.`)
	return problems
}

// checkCredentials wants some, of the program or of the environment. The provider
// says so when it is configured.
func checkCredentials(config resource.PropertyMap) []sandbox.Problem {
	o := &sandbox.Object{Props: config}
	if o.Has("apiToken") || o.Has("apiKey") || o.Has("apiUserServiceKey") || fromEnvironment() {
		return nil
	}
	return []sandbox.Problem{{Path: "apiToken", Reason: `must provide one of "apiKey", "apiToken" or "apiUserServiceKey".`}}
}

// fromEnvironment says whether the environment has credentials for the provider.
func fromEnvironment() bool {
	for _, name := range []string{"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "CLOUDFLARE_API_USER_SERVICE_KEY"} {
		if os.Getenv(name) != "" {
			return true
		}
	}
	return false
}
