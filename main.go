// Program ai-worker is the infrastructure of AI Worker, one stack a run.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/stacks"
)

func main() {
	pulumi.Run(stacks.Run)
}
