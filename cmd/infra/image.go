package main

import (
	"github.com/spf13/cobra"

	"ai-worker/internal/image"
)

// imageCommand says what runs in an environment.
func (a *app) imageCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "image",
		Short: "Set the image that an environment runs",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("unknown command %q for %q", args[0], c.CommandPath())
			}
			return c.Help()
		},
	}
	c.AddCommand(&cobra.Command{
		Use:     "set ENV IMAGE",
		Short:   "Write the tag of an image into the environment's overlay and, where it runs on Azure, into its settings",
		Example: "  infra image set dev app1:0a1b2c3",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("want an environment and an image: infra image set ENV IMAGE")
			}
			env, err := environmentOf(args[:1])
			if err != nil {
				return err
			}
			root, err := findRoot(a.dir)
			if err != nil {
				return err
			}
			files, err := image.Set(root, env, args[1])
			if err != nil {
				return err
			}
			for _, file := range files {
				say(a.out, "%s\n", file)
			}
			if len(files) == 0 {
				say(a.log, "%s runs %s already\n", env, args[1])
			}
			return nil
		},
	})
	return c
}
