// Program lint checks the links of the docs; run it in the root of the repository.
package main

import (
	"fmt"
	"os"

	"ai-worker/internal/links"
)

func main() {
	result, err := links.Check(os.DirFS("."))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d links in %d documents\n", result.Links, result.Files)
}
