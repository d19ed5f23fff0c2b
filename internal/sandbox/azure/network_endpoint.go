package azure

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/components/azure/sdk/dbforpostgresql"
	"ai-worker/internal/sandbox"
)

const endpointType = "azure-native:network:PrivateEndpoint"

// A linkable is a type that private endpoints can lead to.
// https://learn.microsoft.com/azure/private-link/private-endpoint-dns
type linkable struct {
	typ    string
	groups map[string]service // groups of what it serves, by id
}

// A service is what a private endpoint makes reachable: hosts, in which NAME stands for
// the target and REGION for where the endpoint is, and the zone that their addresses
// belong in.
type service struct {
	hosts []string
	zone  string
}

func storageService(name string) service {
	return service{[]string{"NAME." + name + ".core.windows.net"}, "privatelink." + name + ".core.windows.net"}
}

// linkables by ARM type, in lower case.
var linkables = map[string]linkable{
	"microsoft.storage/storageaccounts": {storageAccountType, map[string]service{
		"blob": storageService("blob"), "file": storageService("file"), "queue": storageService("queue"),
		"table": storageService("table"), "web": storageService("web"), "dfs": storageService("dfs"),
	}},
	"microsoft.containerregistry/registries": {registryType, map[string]service{
		"registry": {[]string{"NAME.REGION.data.azurecr.io", "NAME.azurecr.io"}, "privatelink.azurecr.io"},
	}},
	"microsoft.keyvault/vaults": {vaultType, map[string]service{
		"vault": {[]string{"NAME.vault.azure.net"}, "privatelink.vaultcore.azure.net"},
	}},
	"microsoft.dbforpostgresql/flexibleservers": {dbforpostgresql.ServerType, map[string]service{
		"postgresqlServer": {[]string{"NAME.postgres.database.azure.com"}, "privatelink.postgres.database.azure.com"},
	}},
}

func endpointKind() *sandbox.Kind {
	var targets []string
	for _, l := range linkables {
		targets = append(targets, l.typ)
	}
	slices.Sort(targets)
	return arm("Microsoft.Network/privateEndpoints/{privateEndpointName}", sandbox.Kind{
		Type:  endpointType,
		Names: []string{"{privateEndpointName}"},
		Fill:  fillEndpoint,
		Required: []string{
			"location", "subnet", "subnet.id",
			"privateLinkServiceConnections[].name", "privateLinkServiceConnections[].privateLinkServiceId", "privateLinkServiceConnections[].groupIds",
			"ipConfigurations[].name", "ipConfigurations[].privateIPAddress",
		},
		Rules: map[string]sandbox.Rule{
			"privateEndpointName": armName(2, 64), "location": region, "tags": tags,
			"privateLinkServiceConnections":                  sandbox.Items(1, 1),
			"privateLinkServiceConnections[].name":           armName(1, 80),
			"privateLinkServiceConnections[].groupIds":       sandbox.Items(1, 1),
			"privateLinkServiceConnections[].requestMessage": upTo(140),
			"ipConfigurations[].privateIPAddress":            address,
		},
		Checks: []sandbox.Check{
			// a connection that somebody has to approve by hand is not simulated
			sandbox.Refuse(func(o *sandbox.Object) bool { return !o.Has("privateLinkServiceConnections") },
				"privateLinkServiceConnections: a private endpoint needs one"),
			checkGroup,
		},
		Beside: besideEndpoint,
		Revise: reviseEndpoint,
		Refs: map[string]sandbox.Ref{
			"subnet.id": sandbox.Holds(subnetType),
			"privateLinkServiceConnections[].privateLinkServiceId": sandbox.Names(targets...),
		},
	})
}

var targetID = regexp.MustCompile(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/([^/]+/[^/]+)/([^/]+)$`)

// A link is what an endpoint leads to, as far as it is known.
type link struct {
	id, name string // id and name of the target
	group    string // group of what it serves
	to       linkable
}

func (l link) service() service { return l.to.groups[l.group] }

func connected(endpoint *sandbox.Object) link {
	var l link
	endpoint.Each("privateLinkServiceConnections[].privateLinkServiceId", func(_ string, v resource.PropertyValue) {
		if found := targetID.FindStringSubmatch(v.StringValue()); found != nil {
			l.id, l.name, l.to = found[0], found[2], linkables[strings.ToLower(found[1])]
		}
	})
	endpoint.Each("privateLinkServiceConnections[].groupIds[]", func(_ string, v resource.PropertyValue) { l.group = v.StringValue() })
	return l
}

func checkGroup(o *sandbox.Object) error {
	l := connected(o)
	if _, there := l.to.groups[l.group]; l.to.typ != "" && l.group != "" && !there {
		return fmt.Errorf("privateLinkServiceConnections[0].groupIds: %q is no group of %s", l.group, l.to.typ)
	}
	return nil
}

// reviseEndpoint: an endpoint leads from one subnet to one target, for good
// (terraform-provider-azurerm replaces it for another).
func reviseEndpoint(have, want *sandbox.Object) error {
	if old, now := connected(have), connected(want); old.id != now.id || old.group != now.group {
		return errors.New("PropertyChangeNotAllowed: privateLinkServiceConnections: what an endpoint leads to cannot be changed")
	}
	return fixed("location", "subnet.id")(have, want)
}

// fillEndpoint gives the endpoint its interface and an address of its subnet for each
// host, by chance as Azure does, unless ipConfigurations say which.
func fillEndpoint(o *sandbox.Object) {
	fillNetwork(o)
	delete(o.Props, "resourceGuid")
	nic := o.Str("customNetworkInterfaceName")
	if nic == "" {
		nic = o.Str("privateEndpointName") + ".nic." + drawn(idOf(o)+"/nic")
	}
	base, _, _ := strings.Cut(idOf(o), "/privateEndpoints/")
	o.Set("networkInterfaces", []any{map[string]any{"id": base + "/networkInterfaces/" + nic}})
	o.Each("privateLinkServiceConnections[]", func(_ string, v resource.PropertyValue) {
		(&sandbox.Object{Props: v.ObjectValue()}).Default("privateLinkServiceConnectionState",
			map[string]any{"actionsRequired": "None", "description": "Auto-Approved", "status": "Approved"})
	})
	o.Default("customDnsConfigs", records(o))
}

// records are the addresses of the hosts behind an endpoint.
func records(o *sandbox.Object) []any {
	within := netip.MustParsePrefix("10.0.0.0/24") // outside of a cloud
	if subnet := o.Ref("subnet.id"); subnet != nil && len(subnetRanges(subnet)) > 0 {
		within = subnetRanges(subnet)[0]
	}
	var pinned []string
	o.Each("ipConfigurations[].privateIPAddress", func(_ string, v resource.PropertyValue) { pinned = append(pinned, v.StringValue()) })
	l, list := connected(o), []any{}
	for i, host := range l.service().hosts {
		ip := usable(within, spread(idOf(o))+uint32(i)).String()
		if i < len(pinned) {
			ip = pinned[i]
		}
		fqdn := strings.NewReplacer("NAME", l.name, "REGION", o.Str("location")).Replace(host)
		list = append(list, map[string]any{"fqdn": fqdn, "ipAddresses": []any{ip}})
	}
	return list
}

// usable is the nth address of a subnet, counted round, without the first four and
// the last one, which Azure keeps.
func usable(subnet netip.Prefix, n uint32) netip.Addr {
	first := subnet.Addr().As4()
	count := uint32(1)<<(32-subnet.Bits()) - 5
	return ipv4(binary.BigEndian.Uint32(first[:]) + 4 + n%count)
}

func besideEndpoint(o *sandbox.Object, others []*sandbox.Object) error {
	subnet, target := o.Ref("subnet.id"), o.Ref("privateLinkServiceConnections[0].privateLinkServiceId")
	if subnet == nil || target == nil {
		return nil // the cloud says that it is not there
	}
	switch group := connected(o).group; {
	case delegated(subnet):
		return errors.New("the subnet has a delegation and cannot be used with a private endpoint")
	case group == "registry" && target.Str("sku.name") != "Premium":
		return fmt.Errorf("private endpoints need a registry of sku Premium, not %s", target.Str("sku.name"))
	case group == "postgresqlServer" && target.Has("network.delegatedSubnetResourceId"):
		return errors.New("the server is in a virtual network itself and takes no private endpoint")
	}
	var wrong error
	o.Each("ipConfigurations[].privateIPAddress", func(at string, v resource.PropertyValue) {
		if err := free(o, subnet, v.StringValue(), others); err != nil {
			wrong = fmt.Errorf("%s: %w", at, err)
		}
	})
	return wrong
}

func delegated(subnet *sandbox.Object) bool {
	list := subnet.Get("delegations")
	return list.IsArray() && len(list.ArrayValue()) > 0
}

// free wants an address of the subnet that Azure does not keep and no other endpoint has.
func free(o, subnet *sandbox.Object, ip string, others []*sandbox.Object) error {
	addr, err := netip.ParseAddr(ip)
	if err != nil || !inside(netip.PrefixFrom(addr, addr.BitLen()), subnetRanges(subnet)) {
		return fmt.Errorf("PrivateIPAddressNotInSubnet: %s is no address of subnet %q", ip, subnet.Str("name"))
	}
	for _, p := range subnetRanges(subnet) {
		if p.Contains(addr) && (addr.Less(usable(p, 0)) || !p.Contains(addr.Next())) {
			return fmt.Errorf("PrivateIPAddressInReservedRange: %s is one of the five addresses of %s that Azure keeps", ip, p)
		}
	}
	for _, other := range others {
		taken := false
		other.Each("customDnsConfigs[].ipAddresses[]", func(_ string, v resource.PropertyValue) { taken = taken || v.StringValue() == ip })
		if taken && same(other.Str("subnet.id"), o.Str("subnet.id")) && !itself(o, other) {
			return fmt.Errorf("PrivateIPAddressIsAllocated: %s is that of private endpoint %q", ip, other.Str("name"))
		}
	}
	return nil
}
