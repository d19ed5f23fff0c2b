package stacks

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/config"
)

type (
	inner struct {
		Text  string
		Count int
	}
	setting struct {
		Text    string
		Key     string
		Kind    string
		Inner   inner
		Pointer *inner
		List    []string
		Keys    []string
		Inners  []inner
		Map     map[string]inner
		Members map[string]string
	}

	kind string
	part struct { // in another order, with more
		Own   bool
		Count int
		Text  pulumi.StringInput
	}
	args struct {
		Own     string
		Text    string
		Key     pulumi.StringInput
		Kind    kind
		Inner   part
		Pointer *part
		List    []string
		Keys    []pulumi.StringInput
		Inners  []part
		Map     map[string]part
		Members map[string]pulumi.StringInput
	}
)

func TestTake(t *testing.T) {
	for name, tc := range map[string]struct {
		from       setting
		have, want args
	}{
		"same type":        {from: setting{Text: "a"}, want: args{Text: "a"}},
		"named type":       {from: setting{Kind: "a"}, want: args{Kind: "a"}},
		"input":            {from: setting{Key: "a"}, want: args{Key: pulumi.String("a")}},
		"nothing":          {have: args{Own: "o", Text: "a", List: []string{"a"}}, want: args{Own: "o", Text: "a", List: []string{"a"}}},
		"instead":          {from: setting{Text: "b"}, have: args{Own: "o", Text: "a"}, want: args{Own: "o", Text: "b"}},
		"nested":           {from: setting{Inner: inner{"a", 1}}, want: args{Inner: part{Text: pulumi.String("a"), Count: 1}}},
		"nested, beside":   {from: setting{Inner: inner{Count: 2}}, have: args{Inner: part{Own: true, Count: 1}}, want: args{Inner: part{Own: true, Count: 2}}},
		"pointer":          {from: setting{Pointer: &inner{Count: 1}}, want: args{Pointer: &part{Count: 1}}},
		"pointer, empty":   {from: setting{Pointer: &inner{}}, want: args{Pointer: &part{}}},
		"pointer, beside":  {from: setting{Pointer: &inner{Count: 1}}, have: args{Pointer: &part{Own: true}}, want: args{Pointer: &part{Own: true, Count: 1}}},
		"list":             {from: setting{List: []string{"a", "b"}}, have: args{List: []string{"c"}}, want: args{List: []string{"a", "b"}}},
		"list, empty":      {from: setting{List: []string{}}, have: args{List: []string{"c"}}, want: args{List: []string{}}},
		"list of inputs":   {from: setting{Keys: []string{"a", ""}}, want: args{Keys: []pulumi.StringInput{pulumi.String("a"), nil}}},
		"list of structs":  {from: setting{Inners: []inner{{Count: 1}, {}}}, want: args{Inners: []part{{Count: 1}, {}}}},
		"map of structs":   {from: setting{Map: map[string]inner{"x": {Count: 1}, "y": {}}}, want: args{Map: map[string]part{"x": {Count: 1}, "y": {}}}},
		"map of inputs":    {from: setting{Members: map[string]string{"x": "a"}}, want: args{Members: map[string]pulumi.StringInput{"x": pulumi.String("a")}}},
		"map of no inputs": {from: setting{Members: map[string]string{"x": ""}}, want: args{Members: map[string]pulumi.StringInput{"x": nil}}},
	} {
		t.Run(name, func(t *testing.T) {
			take(&tc.have, tc.from)
			require.Equal(t, tc.want, tc.have)
		})
	}
	var got args
	take(&got, &setting{Text: "a"}) // by its address as well
	require.Equal(t, args{Text: "a"}, got)
}

// TestTakeWithoutAlias: what a component does to its args stays there.
func TestTakeWithoutAlias(t *testing.T) {
	from := &struct{ Pointer *inner }{&inner{Count: 1}}
	var to struct{ Pointer *inner }
	take(&to, from)
	to.Pointer.Count = 2
	require.Equal(t, 1, from.Pointer.Count)
}

func TestTakeMistakes(t *testing.T) {
	type deep struct{ Gone string }
	for name, tc := range map[string]struct {
		to, from any
		want     string
	}{
		"no counterpart":  {&struct{ Other string }{}, struct{ Gone string }{}, "setting Gone: struct { Other string } has no such field"},
		"none below":      {&struct{ A []inner }{}, struct{ A []deep }{[]deep{{"a"}}}, "setting A[].Gone: stacks.inner has no such field"},
		"number for text": {&struct{ A string }{}, struct{ A int }{1}, "setting A: int does not fit string"},
		"text for number": {&struct{ A int }{}, struct{ A string }{"1"}, "setting A: string does not fit int"},
		"other width":     {&struct{ A int64 }{}, struct{ A int }{1}, "setting A: int does not fit int64"},
		"below":           {&struct{ A map[string]bool }{}, struct{ A map[string]string }{map[string]string{"x": "y"}}, "setting A[]: string does not fit bool"},
		"number to input": {&struct{ A pulumi.StringInput }{}, struct{ A int }{1}, "setting A: int does not fit pulumi.StringInput"},
		"pointer to none": {&struct{ A inner }{}, struct{ A *inner }{&inner{}}, "setting A: *stacks.inner does not fit stacks.inner"},
	} {
		t.Run(name, func(t *testing.T) {
			require.PanicsWithValue(t, tc.want, func() { take(tc.to, tc.from) })
		})
	}
}

// TestTakeCopies: what a design changes of its arguments must not change the
// settings, which the next design is made of.
func TestTakeCopies(t *testing.T) {
	s, err := config.LoadFile("../Pulumi.dev.yaml", "dev-cloudflare")
	require.NoError(t, err)
	first, second := newNames(s), newNames(s)
	require.Equal(t, []string{"app.dev.ai-worker.example"}, first.access.Hosts)
	require.Equal(t, first.access.Hosts, second.access.Hosts)
}

// TestRecordsTwice: a second record of one name does not quietly replace the first.
func TestRecordsTwice(t *testing.T) {
	s, err := config.LoadFile("../Pulumi.dev.yaml", "dev-cloudflare")
	require.NoError(t, err)
	s.Cloudflare.Records = append(s.Cloudflare.Records, config.Record{Name: "app", Type: "CNAME", Content: "other.example.net"})
	require.ErrorContains(t, newNames(s).check(), "record app CNAME: is there twice")
}
