package azure

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var validGroup = props{"resourceGroupName": "main", "location": "japaneast", "tags": props{"environment": "dev"}}

func TestResourceGroup(t *testing.T) {
	id, state, err := registered(t, groupType, validGroup)
	require.NoError(t, err)
	require.Equal(t, groupID, id)
	require.Equal(t, "main", state["name"])
	require.Equal(t, props{"provisioningState": "Succeeded"}, state["properties"])
	many := props{}
	for i := range 51 {
		many[strings.Repeat("k", i+1)] = ""
	}
	judged(t, groupType, validGroup, map[string]verdict{
		"name":          {props{"resourceGroupName": "ai-worker_(x).1"}, ""},
		"period last":   {props{"resourceGroupName": "main."}, "inner periods"},
		"long name":     {props{"resourceGroupName": strings.Repeat("a", 91)}, "at most 90"},
		"no name":       {props{"resourceGroupName": nil}, "resourceGroupName: missing"},
		"no location":   {props{"location": nil}, "location: missing"},
		"location":      {props{"location": "tokyo"}, "LocationNotAvailableForResourceType"},
		"display name":  {props{"location": "Japan East"}, `want a region such as "japaneast"`},
		"tag key":       {props{"tags": props{"a/b": ""}}, `tag "a/b"`},
		"tag value":     {props{"tags": props{"a": strings.Repeat("v", 257)}}, "more than 256"},
		"too many tags": {props{"tags": many}, "51 tags"},
	})
}
