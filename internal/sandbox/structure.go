package sandbox

// structure is what the SDK's types tell of a resource type or a function.
type structure struct{ args, result any }

// structures are those that this program links. A program's size is that of the
// SDK packages in it, so each of them has a package of its own that registers its
// structures, as database drivers do: the test of one component links only what
// that component uses.
var structures = map[string]structure{}

// Describe registers the SDK's types behind a token: zero values of the input
// struct and the resource struct of a type, such as storage.BucketArgs{} and
// storage.Bucket{}, or of the arguments and the result of a function.
func Describe(token string, args, result any) {
	structures[token] = structure{args, result}
}
