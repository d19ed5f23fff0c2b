package contract

import (
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// fieldType is one type that a contract's field may have: what a stack can
// export and another can read without guessing.
type fieldType struct {
	name string
	// of makes the output of a plain value, false if it is of another type.
	of func(value any) (pulumi.Output, bool)
	// unknown types an unknown output.
	unknown func(any pulumi.Output) pulumi.Output
}

var fieldTypes = map[reflect.Type]fieldType{
	reflect.TypeFor[pulumi.StringOutput](): {
		name: "a string",
		of: func(value any) (pulumi.Output, bool) {
			s, ok := value.(string)
			return pulumi.String(s).ToStringOutput(), ok
		},
		unknown: func(o pulumi.Output) pulumi.Output { return o.ApplyT(func(any) string { return "" }) },
	},
	reflect.TypeFor[pulumi.StringMapOutput](): {
		name: "a map of strings",
		of: func(value any) (pulumi.Output, bool) {
			items, ok := value.(map[string]any)
			m := pulumi.StringMap{}
			for k, v := range items {
				s, isString := v.(string)
				m[k], ok = pulumi.String(s), ok && isString
			}
			return m.ToStringMapOutput(), ok
		},
		unknown: func(o pulumi.Output) pulumi.Output { return o.ApplyT(func(any) map[string]string { return nil }) },
	},
	reflect.TypeFor[pulumi.StringArrayOutput](): {
		name: "a list of strings",
		of: func(value any) (pulumi.Output, bool) {
			items, ok := value.([]any)
			list := pulumi.StringArray{}
			for _, v := range items {
				s, isString := v.(string)
				list, ok = append(list, pulumi.String(s)), ok && isString
			}
			return list.ToStringArrayOutput(), ok
		},
		unknown: func(o pulumi.Output) pulumi.Output { return o.ApplyT(func(any) []string { return nil }) },
	},
}
