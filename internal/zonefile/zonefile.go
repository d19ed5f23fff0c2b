// Package zonefile turns the export of a zone, a BIND file as Cloudflare offers
// it for download, into the records of the settings.
//
// Read keeps what it took and what it did not apart, and says why it did not.
// Settings writes what was taken. Record.Identity finds a record again in
// another list of the same zone.
package zonefile

// Record is one record, as settings have it.
type Record struct {
	// Name is the name in the zone, in lower case, without the zone ("api",
	// "*.preview"); "@" is the zone itself.
	Name string `yaml:"name" json:"name"`
	// Type is A, AAAA, CAA, CNAME, MX, SRV or TXT.
	Type string `yaml:"type" json:"type"`
	// Content is an address, or a full name without the dot at its end, or a text.
	// A text is plain, its strings joined; one that a quote or a backslash, another
	// octet than printable ASCII, or a blank at an end would make ambiguous is
	// quoted and escaped as in a zone file. A CAA and an SRV have none.
	Content string `yaml:"content,omitempty" json:"content,omitempty"`
	// Priority is the preference of an MX, 0 to 65535.
	Priority int `yaml:"priority,omitempty" json:"priority,omitempty"`
	// TTL is in seconds, 30 to 86400; 0 leaves it to Cloudflare.
	TTL int `yaml:"ttl,omitempty" json:"ttl,omitempty"`
	// Proxied may be true for an A, an AAAA and a CNAME.
	Proxied bool   `yaml:"proxied,omitempty" json:"proxied,omitempty"`
	CAA     *CAA   `yaml:"caa,omitempty" json:"caa,omitempty"`
	SRV     *SRV   `yaml:"srv,omitempty" json:"srv,omitempty"`
	Comment string `yaml:"comment,omitempty" json:"comment,omitempty"` // Comment has at most 500 characters.
}

// CAA says which authority may issue certificates for a name (RFC 8659).
type CAA struct {
	Flags int    `yaml:"flags,omitempty" json:"flags,omitempty"` // Flags is 0, or 128 for critical.
	Tag   string `yaml:"tag" json:"tag"`                         // Tag is "issue", "issuewild" or "iodef".
	Value string `yaml:"value" json:"value"`
}

// SRV is where a service is (RFC 2782); each number is 0 to 65535.
type SRV struct {
	Priority int    `yaml:"priority,omitempty" json:"priority,omitempty"`
	Weight   int    `yaml:"weight,omitempty" json:"weight,omitempty"`
	Port     int    `yaml:"port,omitempty" json:"port,omitempty"`
	Target   string `yaml:"target" json:"target"` // Target is a full name; "." says that there is no such service.
}

// Skipped is what settings do not take, with the reason.
type Skipped struct {
	Line   int    // Line is where the record begins in the file, from 1.
	Text   string // Text is the record as the file has it, shortened.
	Reason string
	// Partly says that the record was taken, without what Reason names.
	Partly bool
}
