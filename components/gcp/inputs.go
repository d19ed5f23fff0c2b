package gcp

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Text, Texts and TextMap leave an input out where its value is empty: for the
// provider an empty one may be another than none.

// Text is s, or nothing if it is empty.
func Text(s string) pulumi.StringPtrInput {
	if s == "" {
		return nil
	}
	return pulumi.String(s)
}

// Texts are items, or nothing if there are none.
func Texts(items []string) pulumi.StringArrayInput {
	if len(items) == 0 {
		return nil
	}
	return pulumi.ToStringArray(items)
}

// TextMap is m, or nothing if it is empty.
func TextMap(m map[string]string) pulumi.StringMapInput {
	if len(m) == 0 {
		return nil
	}
	return pulumi.ToStringMap(m)
}
