package zonefile

// For the tests of the package.
var (
	Content  = content
	Plain    = plain
	Escape   = escape
	Unescape = unescape
)
