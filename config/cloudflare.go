package config

import (
	"fmt"
	"slices"
)

// Cloudflare is the environment's zone at Cloudflare. Where a field has the name of
// a component's argument, its meaning, default and limits stand there. The token
// is no setting: the provider takes it from CLOUDFLARE_API_TOKEN.
type Cloudflare struct {
	AccountID string `json:"accountId"` // AccountID is 32 hexadecimal digits; Access needs it.
	Zone      Zone   `json:"zone"`
	// Records are those beside the hosts of dns.hosts. `infra dns import` writes them
	// from the export of a zone.
	Records []Record `json:"records"`
	// Clerk is the instance in the names of Clerk's records, such as "abc123def456":
	// the five of a custom domain are made for it.
	Clerk string `json:"clerk"`
	// Access guards hosts with a login.
	Access *Access `json:"access"`
	// OriginCertificate is what hosts at the stage authenticated show the origin.
	OriginCertificate *OriginCertificate `json:"originCertificate"`
}

// Zone is what holds for the zone as a whole; see components/cloudflare/zone. That
// Cloudflare demands valid certificates of the origins follows from the hosts' stages.
type Zone struct {
	MinTLS              string `json:"minTls"`
	HSTS                *HSTS  `json:"hsts"`
	DisableBrowserCheck bool   `json:"disableBrowserCheck"`
	DisableDNSSEC       bool   `json:"disableDnssec"`
	CAA                 CAA    `json:"caa"`
	AllowDeletion       bool   `json:"allowDeletion"`
}

// HSTS has browsers refuse the zone's hosts without HTTPS.
type HSTS struct {
	MaxAgeDays        int  `json:"maxAgeDays"`
	IncludeSubdomains bool `json:"includeSubdomains"`
	Preload           bool `json:"preload"`
}

// CAA says who else may issue certificates for the zone.
type CAA struct {
	Extra    []string `json:"extra"`
	Iodef    string   `json:"iodef"`
	Disabled bool     `json:"disabled"`
}

// Record is one record; see components/cloudflare/record.
type Record struct {
	Name                string     `json:"name"`
	Type                string     `json:"type"`
	Content             string     `json:"content"`
	Priority            int        `json:"priority"`
	CAA                 *RecordCAA `json:"caa"`
	SRV                 *RecordSRV `json:"srv"`
	TTL                 int        `json:"ttl"`
	Proxied             bool       `json:"proxied"`
	AdvancedCertificate bool       `json:"advancedCertificate"`
	// Owner says who keeps the record, in its comment; empty means the environment, or
	// nothing for an adopted record.
	Owner    string `json:"comment"`
	ImportID string `json:"importId"`
}

// RecordCAA allows an authority to issue certificates.
type RecordCAA struct {
	Flags int    `json:"flags"`
	Tag   string `json:"tag"`
	Value string `json:"value"`
}

// RecordSRV says where a service is.
type RecordSRV struct {
	Priority int    `json:"priority"`
	Weight   int    `json:"weight"`
	Port     int    `json:"port"`
	Target   string `json:"target"`
}

// Access guards hosts with a login; see components/cloudflare/access.
type Access struct {
	Hosts             []string               `json:"hosts"` // Hosts without the domain, whose records are proxied.
	EmailDomains      []string               `json:"emailDomains"`
	Groups            *AccessGroups          `json:"groups"`
	IdentityProviders []string               `json:"identityProviders"`
	SessionDuration   string                 `json:"sessionDuration"`
	PurposePrompt     string                 `json:"purposePrompt"`
	ServiceTokens     map[string]AccessToken `json:"serviceTokens"`
	AllowPreflight    bool                   `json:"allowPreflight"`
}

// AccessGroups are groups of people at one identity provider.
type AccessGroups struct {
	IdentityProvider string   `json:"identityProvider"`
	Google           []string `json:"google"`
	Entra            []string `json:"entra"`
}

// AccessToken lets a machine in.
type AccessToken struct {
	Duration string `json:"duration"`
}

// OriginCertificate is a client certificate; see components/cloudflare/originlock.
type OriginCertificate struct {
	Certificate string `json:"certificate"` // Certificate in PEM.
	PrivateKey  string `json:"privateKey"`  // PrivateKey in PEM; set it with `pulumi config set --secret`.
	AllowShared bool   `json:"allowShared"` // AllowShared takes the one that all zones at Cloudflare share.
}

// All are the records of settings, and those of Clerk:
// https://clerk.com/docs/deployments/overview
func (c *Cloudflare) All() []Record {
	all := slices.Clone(c.Records)
	if c.Clerk == "" {
		return all
	}
	for _, r := range []struct{ name, content string }{
		{"clerk", "frontend-api.clerk.services"},
		{"accounts", "accounts.clerk.services"},
		{"clkmail", "mail." + c.Clerk + ".clerk.services"},
		{"clk._domainkey", "dkim1." + c.Clerk + ".clerk.services"},
		{"clk2._domainkey", "dkim2." + c.Clerk + ".clerk.services"},
	} {
		all = append(all, Record{Name: r.name, Type: "CNAME", Content: r.content, Owner: "Clerk: custom domain"})
	}
	return all
}

// validate checks what the settings say of each other.
func (c *Cloudflare) validate(p *problems, at string, s *Settings) {
	p.unless(s.DNS.ZoneID != "", Project+":dns.zoneId", "is missing, and the records need it")
	proxied := map[string]bool{}
	for name, host := range s.DNS.Hosts {
		proxied[name] = host.At() >= StageAt("proxied")
	}
	for i, r := range c.Records {
		at := fmt.Sprintf("%s.records[%d].name", at, i)
		if s.Azure != nil {
			_, host := s.Azure.Hosts[r.Name]
			p.unless(!host, at, "%q is one of azure.hosts, which makes its CNAME, and nothing stands beside a CNAME", r.Name)
		}
		_, host := s.DNS.Hosts[r.Name]
		p.unless(!host || r.Type != "A" && r.Type != "AAAA" && r.Type != "CNAME", at, "%q is one of dns.hosts, which makes its address record", r.Name)
		proxied[r.Name] = proxied[r.Name] || r.Proxied
		p.unless(r.Type != "CAA" || r.Name != "@" || c.Zone.CAA.Disabled, at,
			"the stack makes the zone's own CAA records: set zone.caa.extra, or zone.caa.disabled to list them all here")
	}
	if c.Access == nil {
		return
	}
	p.unless(c.AccountID != "", at+".accountId", "is missing, and access needs it")
	for i, name := range c.Access.Hosts {
		p.unless(proxied[name], fmt.Sprintf("%s.access.hosts[%d]", at, i), "%q has no proxied record: Access would see none of its traffic", name)
	}
}
