package azure

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
)

var securityGroup = props{
	"resourceGroupName": "main", "networkSecurityGroupName": "nsg-dev", "location": "japaneast",
	"securityRules": []any{securityRule(nil), securityRule(props{"name": "deny", "priority": 4096, "access": "Deny"})},
}

// securityRule is a valid rule with a change; nil takes a value away.
func securityRule(change props) props {
	rule := props{
		"name": "allow", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
		"sourceAddressPrefix": "VirtualNetwork", "sourcePortRange": "*", "destinationAddressPrefix": "10.10.0.0/23", "destinationPortRange": "443",
	}
	maps.Copy(rule, change)
	maps.DeleteFunc(rule, func(_ string, v any) bool { return v == nil })
	return rule
}

func TestSecurityGroup(t *testing.T) {
	id, state, err := registered(t, securityGroupType, securityGroup)
	require.NoError(t, err)
	require.Equal(t, networkBase+"networkSecurityGroups/nsg-dev", id)
	require.Len(t, state["securityRules"], 2)
	for name, tc := range map[string]verdict{
		"other direction": {props{"priority": 100, "direction": "Outbound"}, ""},
		"ports":           {props{"destinationPortRange": nil, "destinationPortRanges": []any{"80", "8000-8080"}}, ""},
		"prefixes":        {props{"sourceAddressPrefix": nil, "sourceAddressPrefixes": []any{"10.0.0.0/8", "192.0.2.1"}}, ""},
		"regional tag":    {props{"sourceAddressPrefix": "Storage.JapanEast"}, ""},
		"any":             {props{"sourceAddressPrefix": "*", "protocol": "*"}, ""},
		"priority":        {props{"priority": 100}, "SecurityRuleConflict"},
		"low priority":    {props{"priority": 99}, "between 100 and 4096"},
		"high priority":   {props{"priority": 4097}, "between 100 and 4096"},
		"no priority":     {props{"priority": nil}, "priority: missing"},
		"name":            {props{"name": "Allow"}, "has the name of"},
		"no name":         {props{"name": nil}, "name: missing"},
		"direction":       {props{"direction": "In"}, "none of Inbound"},
		"access":          {props{"access": "allow"}, "none of Allow"},
		"protocol":        {props{"protocol": "TCP"}, "none of Tcp"},
		"no source":       {props{"sourceAddressPrefix": nil}, "exactly one of sourceAddressPrefix"},
		"two sources":     {props{"sourceAddressPrefixes": []any{"10.0.0.0/8"}}, "exactly one of sourceAddressPrefix"},
		"no ports":        {props{"destinationPortRange": nil}, "exactly one of destinationPortRange"},
		"tag in a list":   {props{"sourceAddressPrefix": nil, "sourceAddressPrefixes": []any{"Internet"}}, "SecurityRuleInvalidAddressPrefix"},
		"host bits":       {props{"sourceAddressPrefix": "10.0.0.1/8"}, "without host bits"},
		"port":            {props{"destinationPortRange": "65536"}, "SecurityRuleInvalidPortRange"},
		"any in a list":   {props{"destinationPortRange": nil, "destinationPortRanges": []any{"*"}}, "SecurityRuleInvalidPortRange"},
		"backwards":       {props{"destinationPortRange": "90-80"}, "SecurityRuleInvalidPortRange"},
	} {
		t.Run(name, func(t *testing.T) {
			rules := []any{securityRule(nil), securityRule(merged(props{"name": "second", "priority": 200}, tc.change))}
			judged(t, securityGroupType, securityGroup, map[string]verdict{"": {props{"securityRules": rules}, tc.want}})
		})
	}
	c := newCloud(t)
	_, err = c.changes(securityGroupType, props{"location": "japanwest"}, securityGroup)
	require.ErrorContains(t, err, "PropertyChangeNotAllowed")
}
