// Package access guards hosts behind Cloudflare's proxy with a login (Zero Trust
// Access): people by e-mail domain or by group of an identity provider, machines
// by service token. Who is not named is refused.
//
// Children of a component NAME:
//
//	NAME-application-HOST  cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication    per entry of Hosts
//	NAME-policy-machines   cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy              with ServiceTokens
//	NAME-policy-people     cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy              with EmailDomains or Groups
//	NAME-token-KEY         cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken  per entry of ServiceTokens
//
// The policies are reusable: they belong to the account, and every application
// lists them. So a policy is made before and deleted after all applications that
// use it, and a token likewise around its policy: the API keeps what is in use.
//
// Nothing passes without a policy: there is no bypass of paths. A health check of
// Cloudflare's or Google's reaches the origin past the proxy, or shows a token.
package access

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:cloudflare:Access"

// Access is the component; its tagged fields are its outputs.
type Access struct {
	pulumi.ResourceState

	Applications pulumi.StringMapOutput `pulumi:"applications"` // Applications are the ids by host.
	// Audiences by host are what an origin demands as aud of the token in the header
	// Cf-Access-Jwt-Assertion.
	Audiences pulumi.StringMapOutput `pulumi:"audiences"`

	// TokenIDs by name go into the header CF-Access-Client-Id, TokenSecrets, which
	// are secret, into CF-Access-Client-Secret.
	TokenIDs     pulumi.StringMapOutput `pulumi:"tokenIds"`
	TokenSecrets pulumi.StringMapOutput `pulumi:"tokenSecrets"`
	TokenExpiry  pulumi.StringMapOutput `pulumi:"tokenExpiry"` // TokenExpiry by name is when each ends, RFC 3339.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Access, error) {
	c := &Access{}
	build := func(child components.Child) error {
		tokens, err := args.tokens(ctx, child, c)
		if err != nil {
			return err
		}
		policies, err := args.policies(ctx, child, tokens)
		if err != nil {
			return err
		}
		ids, audiences := pulumi.StringMap{}, pulumi.StringMap{}
		for _, host := range args.Hosts {
			application, err := cloudflare.NewZeroTrustAccessApplication(ctx, child.Name("application", host), args.application(host, policies), child.Opts())
			if err != nil {
				return fmt.Errorf("application of %s: %w", host, err)
			}
			ids[host], audiences[host] = application.ID().ToStringOutput(), application.Aud
		}
		c.Applications, c.Audiences = ids.ToStringMapOutput(), audiences.ToStringMapOutput()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// tokens are the ids by which a policy names them. The provider's own renewal is
// left off: it would change a token in the middle of a refresh.
func (a *Args) tokens(ctx *pulumi.Context, child components.Child, c *Access) (pulumi.StringArray, error) {
	var named pulumi.StringArray
	ids, secrets, expiry := pulumi.StringMap{}, pulumi.StringMap{}, pulumi.StringMap{}
	for _, key := range slices.Sorted(maps.Keys(a.ServiceTokens)) {
		token, err := cloudflare.NewZeroTrustAccessServiceToken(ctx, child.Name("token", key), &cloudflare.ZeroTrustAccessServiceTokenArgs{
			AccountId: pulumi.String(a.AccountID),
			Name:      pulumi.String(a.Name + ": " + key),
			Duration:  pulumi.String(a.ServiceTokens[key].duration()),
		}, child.Opts())
		if err != nil {
			return nil, fmt.Errorf("token %s: %w", key, err)
		}
		named = append(named, token.ID().ToStringOutput())
		ids[key], secrets[key], expiry[key] = token.ClientId, token.ClientSecret, token.ExpiresAt
	}
	c.TokenIDs, c.TokenExpiry = ids.ToStringMapOutput(), expiry.ToStringMapOutput()
	c.TokenSecrets = pulumi.ToSecret(secrets.ToStringMapOutput()).(pulumi.StringMapOutput)
	return named, nil
}

// application lists every policy in order: machines are looked at first.
func (a *Args) application(host string, policies pulumi.StringArray) *cloudflare.ZeroTrustAccessApplicationArgs {
	args := &cloudflare.ZeroTrustAccessApplicationArgs{
		AccountId:              pulumi.String(a.AccountID),
		Name:                   pulumi.String(a.Name + ": " + host),
		Domain:                 pulumi.String(host),
		Type:                   pulumi.String("self_hosted"),
		SessionDuration:        pulumi.String(a.session()),
		Policies:               policies,
		AutoRedirectToIdentity: pulumi.Bool(len(a.IdentityProviders) == 1),
		AppLauncherVisible:     pulumi.Bool(false),

		EnableBindingCookie:     pulumi.Bool(true), // a stolen cookie alone is of no use
		HttpOnlyCookieAttribute: pulumi.Bool(true),
		// strict would hold the cookie back when the login page, which is another site,
		// leads back: the login would go round in circles
		SameSiteCookieAttribute: pulumi.String("lax"),
		OptionsPreflightBypass:  pulumi.Bool(a.AllowPreflight),
		// a browser needs the way to the login page, a machine an answer
		ServiceAuth401Redirect: pulumi.Bool(!a.people()),
	}
	if len(a.IdentityProviders) > 0 {
		args.AllowedIdps = pulumi.ToStringArray(a.IdentityProviders)
	}
	return args
}
