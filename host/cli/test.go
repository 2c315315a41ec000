package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/dialogue"
)

type testOptions struct {
	run    string
	seed   uint64
	cases  string
	interp bool
}

func newTest(env Environment) *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use:   "test DIR...",
		Short: "run the conversation tests of bots (*.chat)",
		Long: `Runs every *.chat file below each folder against the bot in it. Delays take no
time, chance is seeded, nothing leaves the machine.

With --cases FILE.jsonl conformance cases are run instead.`,
		Example: "  footlight test scripts/tea\n  footlight test scripts/tea --run order",
		RunE: func(cmd *cobra.Command, args []string) error {
			if (o.cases == "") == (len(args) == 0) {
				return errors.New("test: name a bot's folder, or cases with --cases FILE.jsonl")
			}
			return runTests(cmd.Context(), env, o, args)
		},
	}
	cmd.Flags().StringVar(&o.run, "run", "", "only tests whose name matches this pattern")
	cmd.Flags().Uint64Var(&o.seed, "seed", 0, "use this seed for every test")
	cmd.Flags().StringVar(&o.cases, "cases", "", "run the conformance cases of this file")
	cmd.Flags().BoolVar(&o.interp, "interp", false, "run on the reference interpreter instead of the compiled module")
	return cmd
}

func runTests(ctx context.Context, env Environment, o testOptions, dirs []string) error {
	only, err := regexp.Compile(o.run)
	if err != nil {
		return fmt.Errorf("test: --run: %w", err)
	}
	runtime, err := openRuntime()
	if err != nil {
		return err
	}
	defer func() { _ = runtime.Close(context.WithoutCancel(ctx)) }()
	var loader bot.Loader = bot.Sandboxed{Runtime: runtime}
	if o.interp {
		loader = bot.Interpreted{Runtime: runtime}
	}
	if o.cases != "" {
		return runCases(ctx, env, o.cases, only, caster(loader))
	}
	var all []dialogue.Outcome
	for _, dir := range dirs {
		outcomes, err := testFolder(ctx, env, dir, only, o.seed, caster(loader))
		if err != nil {
			return err
		}
		all = append(all, outcomes...)
	}
	for _, o := range all {
		if o.Failed != nil {
			dialogue.WriteFailure(env.Out, o)
		}
	}
	sum := dialogue.Count(all)
	_, _ = fmt.Fprintln(env.Out, sum)
	switch {
	case sum.Failed > 0:
		return findings{fmt.Sprintf("%d of %d tests failed", sum.Failed, sum.Failed+sum.Passed)}
	case len(all) == 0:
		return findings{"no test was run: there is no *.chat file, or --run leaves none"}
	}
	return nil
}

// testFolder runs the tests of one bot.
func testFolder(ctx context.Context, env Environment, dir string, only *regexp.Regexp, seed uint64, build dialogue.Build) ([]dialogue.Outcome, error) {
	folder, err := bot.Folder(dir)
	if err != nil {
		return nil, err
	}
	settings, err := bot.ReadSettings(folder)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	cast, err := build(ctx, folder, settings)
	var refused *bot.RefusedError
	if errors.As(err, &refused) {
		writeDiagnostics(env, dir, refused.Problems)
		return nil, findings{fmt.Sprintf("%s: %v", dir, err)}
	}
	if err != nil {
		return nil, err
	}
	defer cast.Close()
	chats, err := readChats(folder, dir)
	if err != nil {
		return nil, err
	}
	var outcomes []dialogue.Outcome
	for _, chat := range chats {
		for _, test := range chat.Tests {
			if !only.MatchString(test.Name) {
				continue
			}
			outcome, err := test.Play(ctx, chat.Path, cast, settings, seed)
			if err != nil {
				return nil, err
			}
			outcome.Chat = filepath.ToSlash(filepath.Join(dir, chat.Path))
			outcomes = append(outcomes, outcome)
		}
	}
	return outcomes, nil
}

func readChats(folder fs.FS, dir string) ([]dialogue.Chat, error) {
	var chats []dialogue.Chat
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := d.Name(); name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() || path.Ext(name) != ".chat" {
			return nil
		}
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		chat, err := dialogue.ParseChat(name, string(data))
		chats = append(chats, chat)
		return err
	})
	if err != nil {
		return nil, findings{fmt.Sprintf("%s: %v", dir, err)}
	}
	return chats, nil
}

func runCases(ctx context.Context, env Environment, name string, only *regexp.Regexp, build dialogue.Build) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("test: %w", err)
	}
	defer func() { _ = file.Close() }()
	cases, err := dialogue.ReadCases(file)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var sum dialogue.Summary
	for _, c := range cases {
		if !only.MatchString(c.Name) {
			continue
		}
		if missing := c.Missing(); missing != "" {
			sum.Skipped++
			continue
		}
		err := c.Run(ctx, build)
		var failure *dialogue.Failure
		switch {
		case err == nil:
			sum.Passed++
		case errors.As(err, &failure):
			sum.Failed++
			_, _ = fmt.Fprintf(env.Out, "FAIL %v\n", failure)
		default:
			return err
		}
	}
	_, _ = fmt.Fprintln(env.Out, sum)
	if sum.Failed > 0 {
		return findings{fmt.Sprintf("%d of %d cases failed", sum.Failed, sum.Failed+sum.Passed)}
	}
	return nil
}
