package azure

// builtinRoles are names by id: of the roles that Azure has, those that a program of
// this kind may grant.
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var builtinRoles = map[string]string{
	"8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
	"b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
	"acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
	"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
	"f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
	"28bf596f-4eb7-45ce-b5bc-6cf482fec137": "Locks Contributor",

	"7f951dda-4ed3-4680-a7ca-43fe172d538d": "AcrPull",
	"8311e382-0749-4cb8-b61a-304f252e45ec": "AcrPush",
	"c2f4ef07-c644-48eb-af81-4b1b4947fb11": "AcrDelete",
	"6cef56e8-d556-48e5-a04f-b8e64114680f": "AcrImageSigner",

	"17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
	"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
	"ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
	"b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
	"db58b8e5-c6ad-4a2a-8342-4190687cbf4a": "Storage Blob Delegator",

	"00482a5a-887f-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
	"21090545-7ca7-4776-b22c-e363652d74d2": "Key Vault Reader",
	"4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
	"b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
	"f25e0fa2-a7c8-4377-a976-54943a77a395": "Key Vault Contributor",

	"f1a07417-d97a-45cb-824c-7a7467783830": "Managed Identity Operator",
	"e40ec5ca-96e0-45a2-b4ff-59039f2c2b59": "Managed Identity Contributor",
	"4d97b98b-1d4f-4787-a291-c67834d212e7": "Network Contributor",
	"b12aa53e-6015-4669-85d0-8515ebb3ae7f": "Private DNS Zone Contributor",

	"358470bc-b998-42bd-ab17-a7e34c199c0f": "Container Apps Contributor",
	"57cc5028-e6a7-4284-868d-0611c5923f8d": "Container Apps ManagedEnvironments Contributor",

	"73c42c96-874c-492b-b04d-ab87d138a893": "Log Analytics Reader",
	"92aaf0da-9dab-42b6-94a3-d43ce8d16293": "Log Analytics Contributor",
	"43d0d8ad-25c7-4714-9337-8ba259a9fe05": "Monitoring Reader",
	"749f88d5-cbae-40b8-bcfc-e573ddc772fa": "Monitoring Contributor",
	"3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
}
