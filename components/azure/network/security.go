package network

import (
	"fmt"
	"net/netip"
	"strconv"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// rule admits traffic. From and to are a range, a service tag or "*".
type rule struct {
	name, protocol, from, to string
	ports                    []string
}

// traffic is what a subnet takes and sends. Everything else is denied.
type traffic struct{ in, out []rule }

const (
	tcp       = "Tcp"
	anything  = "*"
	internet  = "Internet"      // internet is all outside of the VNet, Azure's own public addresses too.
	dnsServer = "168.63.129.16" // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
)

// traffic is that of a subnet. The rules of apps are those of
// https://learn.microsoft.com/azure/container-apps/firewall-integration for
// workload profiles, with 443 to everywhere in place of the service tags that it
// lists, since the apps call other services too; those of database are of
// https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private.
func (a *Args) traffic(subnet string, ranges map[string]netip.Prefix) traffic {
	app, db, endpoint := ranges[apps].String(), ranges[database].String(), ranges[endpoints].String()
	switch subnet {
	case apps:
		return traffic{
			in: []rule{
				// of an internal environment; callers of an external one do not come by the subnet
				{"https", tcp, "VirtualNetwork", app, []string{"443", "31443"}},
				{"probes", tcp, "AzureLoadBalancer", app, []string{"30000-32767"}},
				{"itself", anything, app, app, []string{anything}},
			},
			out: []rule{
				{"itself", anything, app, app, []string{anything}},
				{"database", tcp, app, db, []string{"5432"}},
				{"endpoints", tcp, app, endpoint, []string{"443"}},
				{"dns", anything, app, dnsServer, []string{"53"}},
				{"internet", tcp, app, internet, append([]string{"443"}, texts(a.OutboundPorts)...)},
			},
		}
	case database:
		return traffic{
			in: []rule{
				{"apps", tcp, app, db, []string{"5432"}},
				{"itself", tcp, db, db, []string{"5432"}}, // the standby
			},
			out: []rule{
				{"itself", tcp, db, db, []string{"5432"}},
				{"logs", tcp, db, "Storage", []string{"443"}}, // of the region's pair too, where backups may go
				{"logins", tcp, db, "AzureActiveDirectory", []string{"443"}},
			},
		}
	default:
		return traffic{in: []rule{{"apps", tcp, app, endpoint, []string{"443"}}}}
	}
}

// securityGroup makes that of a subnet. Its rules are written with it, so that one
// which somebody adds by hand shows, and goes.
func (a *Args) securityGroup(
	ctx *pulumi.Context, child components.Child, subnet string, ranges map[string]netip.Prefix,
) (*network.NetworkSecurityGroup, error) {
	t := a.traffic(subnet, ranges)
	made, err := network.NewNetworkSecurityGroup(ctx, child.Name("nsg", subnet), &network.NetworkSecurityGroupArgs{
		ResourceGroupName:        a.Place.GroupName,
		Location:                 pulumi.String(a.Place.Location),
		NetworkSecurityGroupName: pulumi.String(a.Name + "-" + subnet),
		SecurityRules:            append(rules("Inbound", "from", t.in), rules("Outbound", "to", t.out)...),
		Tags:                     a.Place.InputTags(),
	}, child.Opts())
	if err != nil {
		return nil, fmt.Errorf("security group of %s: %w", subnet, err)
	}
	return made, nil
}

// rules are those of a direction, in their order, with the denial of all else last.
func rules(direction, preposition string, admitted []rule) network.SecurityRuleTypeArray {
	var inputs network.SecurityRuleTypeArray
	for i, r := range admitted {
		inputs = append(inputs, r.input("allow-"+preposition+"-"+r.name, direction, "Allow", 100+10*i))
	}
	// before Azure's own rules from 65000 on, which admit the whole VNet, and all that goes out
	rest := rule{protocol: anything, from: anything, to: anything, ports: []string{anything}}
	return append(inputs, rest.input("deny-"+preposition+"-others", direction, "Deny", 4096))
}

func (r rule) input(name, direction, access string, priority int) network.SecurityRuleTypeArgs {
	args := network.SecurityRuleTypeArgs{
		Name:                     pulumi.String(name),
		Direction:                pulumi.String(direction),
		Access:                   pulumi.String(access),
		Priority:                 pulumi.Int(priority),
		Protocol:                 pulumi.String(r.protocol),
		SourceAddressPrefix:      pulumi.String(r.from),
		SourcePortRange:          pulumi.String(anything),
		DestinationAddressPrefix: pulumi.String(r.to),
	}
	if len(r.ports) == 1 { // Azure takes "*" in this field only
		args.DestinationPortRange = pulumi.String(r.ports[0])
	} else {
		args.DestinationPortRanges = pulumi.ToStringArray(r.ports)
	}
	return args
}

func texts(ports []int) []string {
	var list []string
	for _, port := range ports {
		list = append(list, strconv.Itoa(port))
	}
	return list
}
