package azure

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	rolesID = "/subscriptions/" + subscriptionID + "/providers/Microsoft.Authorization/roleDefinitions/"
	acrPull = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
	acrPush = "8311e382-0749-4cb8-b61a-304f252e45ec"
)

var (
	lock       = props{"scope": groupID, "lockName": "keep", "level": "CanNotDelete"}
	assignment = props{
		"scope": groupID, "roleAssignmentName": "a0000000-0000-4000-8000-000000000001", "roleDefinitionId": rolesID + acrPull,
		"principalId": drawn(identityID + "/principal"), "principalType": "ServicePrincipal",
	}
	definition = props{
		"scope": groupID, "roleDefinitionId": "d0000000-0000-4000-8000-000000000001", "roleName": "Image lister", "roleType": "CustomRole",
		"assignableScopes": []any{groupID}, "permissions": []any{props{"actions": []any{"Microsoft.ContainerRegistry/registries/read"}}},
	}
)

func TestLock(t *testing.T) {
	id, state, err := registered(t, lockType, lock)
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.Authorization/locks/keep", id)
	require.Equal(t, "keep", state["name"])
	judged(t, lockType, lock, map[string]verdict{
		"subscription":  {props{"scope": "/subscriptions/" + subscriptionID}, ""},
		"resource":      {props{"scope": identityID}, ""},
		"not specified": {props{"level": "NotSpecified"}, "none of CanNotDelete"},
		"scope":         {props{"scope": "main"}, "the id of a subscription"},
		"no name":       {props{"lockName": nil}, "lockName: missing"},
		"notes":         {props{"notes": fmt.Sprintf("%513d", 0)}, "at most 512"},
		"name":          {props{"lockName": "a/b"}, "without"},
	})

	c := newCloud(t)
	c.makes(identityType, identity)
	c.makes(lockType, lock)
	for typ, id := range map[string]string{identityType: identityID, groupType: groupID} {
		require.ErrorContains(t, c.tryDelete(typ, id), "ScopeLocked", id)
	}
	c.deletes(groupType, "/subscriptions/"+subscriptionID+"/resourceGroups/other")
	c.refuses(lockType, "error 404", lock, props{"scope": groupID + "x"})
	c.deletes(lockType, groupID+"/providers/Microsoft.Authorization/locks/keep")
	c.deletes(groupType, groupID)
	require.False(t, c.there(identityType, identityID), "a group takes all within")
}

func TestRoleAssignment(t *testing.T) {
	id, state, err := registered(t, assignmentType, assignment)
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.Authorization/roleAssignments/a0000000-0000-4000-8000-000000000001", id)
	require.Equal(t, "Microsoft.Authorization/roleAssignments", state["type"])
	judged(t, assignmentType, assignment, map[string]verdict{
		"name":           {props{"roleAssignmentName": "pull"}, "want a UUID"},
		"no name":        {props{"roleAssignmentName": nil}, "roleAssignmentName: missing"},
		"role name":      {props{"roleDefinitionId": "AcrPull"}, "InvalidRoleDefinitionId"},
		"role":           {props{"roleDefinitionId": rolesID + "7f951dda-4ed3-4680-a7ca-43fe172d538e"}, "RoleDefinitionDoesNotExist"},
		"subscription":   {props{"roleDefinitionId": "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/" + acrPull}, "is of subscription x"},
		"principal":      {props{"principalId": "ci@example.com"}, "want a UUID"},
		"type":           {props{"principalType": "MSI"}, "none of ServicePrincipal"},
		"scope":          {props{"scope": "main"}, "the id of a subscription"},
		"condition":      {props{"condition": "((!(ActionMatches{'a/b/read'})))", "conditionVersion": "2.0"}, ""},
		"no version":     {props{"condition": "((!(ActionMatches{'a/b/read'})))"}, "conditionVersion"},
		"version":        {props{"condition": "((!(ActionMatches{'a/b/read'})))", "conditionVersion": "1.0"}, "none of 2.0"},
		"open condition": {props{"condition": "((!(ActionMatches{'a/b/read'}))", "conditionVersion": "2.0"}, "is no condition on"},
		"no condition":   {props{"condition": "true", "conditionVersion": "2.0"}, "is no condition on"},
	})
}

func TestAssignmentsInTheCloud(t *testing.T) {
	c := newCloud(t)
	c.refuses(assignmentType, "PrincipalNotFound", assignment)
	c.makes(identityType, identity)
	c.makes(identityType, identity, props{"resourceName": "id-web"})
	web := props{"principalId": drawn(groupID + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-web/principal")}
	c.makes(assignmentType, assignment)
	again := props{"roleAssignmentName": "a0000000-0000-4000-8000-000000000002"}
	for name, tc := range map[string]verdict{
		"same again":      {nil, "already exists"},
		"other name":      {again, "RoleAssignmentExists"},
		"other principal": {web, "RoleAssignmentUpdateNotPermitted"},
		"other scope":     {props{"scope": identityID}, "RoleAssignmentUpdateNotPermitted"},
		"no scope":        {merged(again, props{"scope": groupID + "x"}), "error 404"},
		"a group":         {merged(again, web, props{"principalType": "Group"}), "UnmatchedPrincipalType"},
	} {
		t.Run(name, func(*testing.T) { c.refuses(assignmentType, tc.want, assignment, tc.change) })
	}
	c.makes(assignmentType, assignment, again, web)
	third := props{"roleAssignmentName": "a0000000-0000-4000-8000-000000000003", "roleDefinitionId": rolesID + acrPush}
	changes, err := c.changes(assignmentType, props{"roleDefinitionId": rolesID + "acdd72a7-3385-48ef-bd42-f606fba81ae7"}, assignment, third)
	require.Equal(t, map[string]string{"roleDefinitionId": "UPDATE"}, changes, "the provider takes it for an update")
	require.ErrorContains(t, err, "RoleAssignmentUpdateNotPermitted")

	onWeb := merged(assignment, web, props{"scope": identityID, "roleAssignmentName": "a0000000-0000-4000-8000-000000000004"})
	c.makes(assignmentType, onWeb)
	c.deletes(identityType, identityID)
	require.False(t, c.there(assignmentType, identityID+"/providers/Microsoft.Authorization/roleAssignments/a0000000-0000-4000-8000-000000000004"),
		"assignments go with their scope")
}

func TestRoleDefinition(t *testing.T) {
	id, _, err := registered(t, roleType, definition)
	require.NoError(t, err)
	require.Equal(t, rolesID+"d0000000-0000-4000-8000-000000000001", id)
	judged(t, roleType, definition, map[string]verdict{
		"all":       {props{"permissions": []any{props{"actions": []any{"*"}, "notActions": []any{"Microsoft.Authorization/*/write"}}}}, ""},
		"built in":  {props{"roleType": "BuiltInRole"}, "none of CustomRole"},
		"action":    {props{"permissions": []any{props{"actions": []any{"read"}}}}, "want an operation"},
		"scopes":    {props{"assignableScopes": nil}, "assignableScopes: missing"},
		"no rights": {props{"permissions": []any{}}, "0 elements"},
		"id":        {props{"roleDefinitionId": "lister"}, "want a UUID"},
	})
	c := newCloud(t)
	c.makes(roleType, definition)
	c.refuses(roleType, "RoleDefinitionWithSameNameExists", definition, props{"roleDefinitionId": "d0000000-0000-4000-8000-000000000002"})
}
