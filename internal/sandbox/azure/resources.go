package azure

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

func resourcesKinds() []*sandbox.Kind {
	return []*sandbox.Kind{{
		Type:     groupType,
		ID:       "/subscriptions/{provider.subscriptionId}/resourceGroups/{resourceGroupName}",
		Names:    []string{"{resourceGroupName}"},
		Outputs:  map[string]string{"name": "{resourceGroupName}", "type": "Microsoft.Resources/resourceGroups"},
		Fill:     func(o *sandbox.Object) { o.Set("properties.provisioningState", "Succeeded") },
		Required: []string{"resourceGroupName", "location"},
		Replace:  []string{"resourceGroupName", "location"},
		Rules: map[string]sandbox.Rule{
			"resourceGroupName": sandbox.Match(`^[-\w.()]{0,89}[-\w()]$`,
				"at most 90 letters, digits, underscores, parentheses, hyphens and inner periods"),
			"location": region, "tags": tags,
		},
		DeleteFirst: true,
	}}
}

// regions of the public cloud, as ARM spells them.
var regions = strings.Fields(`
	australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth
	brazilsoutheast canadacentral canadaeast centralindia centralus chilecentral eastasia eastus eastus2
	francecentral francesouth germanynorth germanywestcentral indonesiacentral israelcentral italynorth japaneast
	japanwest jioindiacentral jioindiawest koreacentral koreasouth malaysiawest mexicocentral newzealandnorth
	northcentralus northeurope norwayeast norwaywest polandcentral qatarcentral southafricanorth southafricawest
	southcentralus southeastasia southindia spaincentral swedencentral swedensouth switzerlandnorth switzerlandwest
	uaecentral uaenorth uksouth ukwest westcentralus westeurope westindia westus westus2 westus3`)

// region wants the short name of a region. ARM takes "Japan East" too and answers
// with the short name.
func region(v resource.PropertyValue) error {
	if !slices.Contains(regions, v.StringValue()) {
		return fmt.Errorf(`LocationNotAvailableForResourceType: the provided location %q is not available: want a region such as "japaneast"`,
			v.StringValue())
	}
	return nil
}

// tags: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
func tags(v resource.PropertyValue) error {
	if !v.IsObject() {
		return nil
	}
	if n := len(v.ObjectValue()); n > 50 {
		return fmt.Errorf("%d tags: at most 50 are allowed", n)
	}
	for _, key := range v.ObjectValue().StableKeys() {
		value := v.ObjectValue()[key]
		switch name := string(key); {
		case name == "" || len(name) > 512 || strings.ContainsAny(name, `<>%&\?/`):
			return fmt.Errorf(`InvalidTagNameCharacters: tag %q: want 1 to 512 characters without <>%%&\?/`, name)
		case value.IsString() && len(value.StringValue()) > 256:
			return fmt.Errorf("tag %q: its value has more than 256 characters", name)
		}
	}
	return nil
}

// armName wants a name of lo to hi characters as most services take it:
// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
func armName(lo, hi int) sandbox.Rule {
	shape := regexp.MustCompile(`^[A-Za-z0-9]([\w.-]*\w)?$`)
	return func(v resource.PropertyValue) error {
		if name := v.StringValue(); len(name) < lo || len(name) > hi || !shape.MatchString(name) {
			return fmt.Errorf("InvalidResourceName: %q: want %d to %d letters, digits, underscores, periods and hyphens, "+
				"a letter or digit first, no period or hyphen last", name, lo, hi)
		}
		return nil
	}
}

// upTo wants at most n characters.
func upTo(n int) sandbox.Rule {
	return func(v resource.PropertyValue) error {
		if has := utf8.RuneCountInString(v.StringValue()); has > n {
			return fmt.Errorf("%d characters, want at most %d", has, n)
		}
		return nil
	}
}

// idOf is the object's own id, as far as it is known.
func idOf(o *sandbox.Object) string {
	id, _ := o.Render(o.Kind.ID)
	return id
}

// same says whether two names or ids are one: ARM looks at no case.
func same(a, b string) bool { return strings.EqualFold(a, b) }

// itself says whether another object has the id of o: that is for the cloud to refuse.
func itself(o, other *sandbox.Object) bool {
	return same(idOf(o), idOf(&sandbox.Object{Kind: o.Kind, Props: other.Props, Config: o.Config}))
}

// known says whether every path is known or absent.
func known(o *sandbox.Object, paths ...string) bool {
	return !slices.ContainsFunc(paths, func(path string) bool { return o.Has(path) && !o.Known(path) })
}

// fixed refuses to change a path of an object that is there: what the provider takes
// for an update and ARM does not.
func fixed(paths ...string) func(have, want *sandbox.Object) error {
	return func(have, want *sandbox.Object) error {
		for _, path := range paths {
			if !have.Get(path).DeepEquals(want.Get(path)) {
				return fmt.Errorf("PropertyChangeNotAllowed: changing property %q is not allowed, and the provider does not replace for it", path)
			}
		}
		return nil
	}
}
