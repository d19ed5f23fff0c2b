package network

import (
	"regexp"

	"ai-worker/components"
	"ai-worker/components/azure"
)

// Args configures a Network.
type Args struct {
	Place azure.Place // Place is where it is; its Workspace is not used.
	// Name is the VNet's, and the beginning of the name of all that belongs to it: 2 to
	// 60 lower-case letters, digits and inner hyphens, a letter first. It cannot
	// change. Required.
	Name string
	// Range is the VNet's, private IPv4 in CIDR form, such as "10.0.0.0/16": /8 to
	// /25, or /26 where Subnets says how to part it. Required.
	Range   string
	Subnets Subnets
	// NAT is the apps' way out, under addresses of one's own. Without it they leave
	// under one that Azure picks for the Container Apps environment, and may change.
	NAT *NAT
	// OutboundPorts are TCP ports on the internet that the apps may reach besides 443,
	// such as 587 for mail.
	OutboundPorts []int
}

// Subnets are ranges inside of the VNet's, apart from each other. One left empty is
// a quarter of the VNet's: the apps' the first, the database's the second, the
// endpoints' the third. The range of a subnet in use cannot change.
type Subnets struct {
	// Apps is /27 or larger. Container Apps take 12 addresses and one for ten
	// replicas, twice that while a revision takes the place of another.
	Apps      string
	Database  string // Database is /28 or larger. A server takes four addresses.
	Endpoints string // Endpoints is /29 or larger. A private endpoint takes one address, a registry's two.
}

// NAT is a way out to the internet.
type NAT struct {
	// Addresses is how many public addresses it has, 1 to 16, each for 64,512
	// connections at a time to one port of one destination.
	Addresses int
	// DisableZoneRedundancy is for a region without availability zones. It cannot change.
	DisableZoneRedundancy bool
}

// The names that are made of Name are longer by at most 10, so this keeps to the
// limits of all: 2 to 64 of a VNet, 80 of a security group, a gateway and an address
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork),
// and 63 of a label of a DNS name. Theirs are more liberal in what else they take.
var nameShape = regexp.MustCompile(`^[a-z][a-z0-9-]{0,58}[a-z0-9]$`)

// https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource#outbound-ip-addresses
const maxAddresses = 16

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.Check(&p)
	p.Want(nameShape.MatchString(a.Name), "name %q: want 2 to 60 lower-case letters, digits and inner hyphens, a letter first", a.Name)
	a.ranges(&p)
	if a.NAT != nil {
		p.Want(a.NAT.Addresses >= 1 && a.NAT.Addresses <= maxAddresses,
			"nat.addresses %d: want 1 to %d", a.NAT.Addresses, maxAddresses)
	}
	seen := map[int]bool{}
	for i, port := range a.OutboundPorts {
		p.Want(port >= 1 && port <= 65535 && port != 443, "outboundPorts[%d] %d: want 1 to 65535, and not 443, which is open", i, port)
		p.Want(!seen[port], "outboundPorts[%d] %d: given twice", i, port)
		seen[port] = true
	}
	return p.Err()
}
