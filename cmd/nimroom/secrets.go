package main

import (
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/environment"
)

// secretNames are the flags whose values are secrets. Each has another flag, which ends
// in -file and names a file with the value.
var secretNames = []string{"app-secret", "control-token", "token"}

// secretFlags are the flags for the secret of an app.
type secretFlags struct {
	AppSecret     string `env:"NIM_APP_SECRET" placeholder:"SECRET" help:"The app's secret; that of the emulator is ${app_secret} by default. Other users of this machine can read arguments: prefer a file or the environment."`
	AppSecretFile string `env:"NIM_APP_SECRET_FILE" placeholder:"FILE" help:"File that holds the app's secret."`
}

func (f *secretFlags) secret(s streams, k *kong.Context, fallback string) (string, error) {
	return secretOf(s, k, "app-secret", f.AppSecret, f.AppSecretFile, fallback)
}

// secretOf returns a secret: the value of a flag, or what is in the file that the other
// flag names, without white space around it, or the fallback if neither is given. The
// command line takes precedence over the environment.
func secretOf(s streams, k *kong.Context, name, value, file, fallback string) (string, error) {
	byName, byFile := onCommandLine(k, name), onCommandLine(k, name+"-file")
	switch {
	case byName && byFile, !byName && !byFile && value != "" && file != "":
		return "", usage("--%s and --%s-file are both given, or their environment variables are; give one of them", name, name)
	case byFile, !byName && file != "":
		text, err := environment.ReadSecretFile(file)
		if err != nil {
			return "", usage("--%s-file: %w", name, err)
		}
		warnOfReaders(s, file)
		return text, nil
	case byName, value != "":
		return value, nil
	}
	return fallback, nil
}

// warnOfReaders writes a warning if other users of the machine can read or change a file with a secret, and a
// user sees it: in containers such modes are usual. Windows has none.
func warnOfReaders(s streams, file string) {
	info, err := os.Stat(file)
	if err != nil || !s.watched || !info.Mode().IsRegular() || info.Mode().Perm()&0o077 == 0 || runtime.GOOS == "windows" {
		return
	}
	s.say("Warning: other users of this machine can read or change the secret in %s (mode %04o). Run: chmod 600 %s", file, info.Mode().Perm(), described.Quote(file))
}

// onCommandLine reports whether a flag was given on the command line.
func onCommandLine(k *kong.Context, name string) bool {
	return slices.ContainsFunc(k.Path, func(p *kong.Path) bool { return p.Flag != nil && !p.Resolved && p.Flag.Name == name })
}

// serverVariables begin the names of the environment variables of the commands that run for long.
var serverVariables = map[string]string{"serve": "NIM_EMULATOR_", "proxy": "NIM_PROXY_"}

// readServerEnvironment lets each flag of serve and proxy come from an environment variable, such as
// NIM_EMULATOR_RATE. It takes precedence over one that other commands read too.
func readServerEnvironment(k *kong.Kong) error {
	for _, command := range k.Model.Children {
		prefix, ok := serverVariables[command.Name]
		if !ok {
			continue
		}
		for _, flag := range command.Flags {
			own := prefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
			if slices.Contains(flag.Envs, own) {
				continue
			}
			flag.Envs = slices.Insert(flag.Envs, 0, own)
			flag.Tag.Envs = flag.Envs
		}
	}
	return nil
}

// hideSecrets returns an error of the parser, or a better one, without the text of an
// argument that may be a secret.
func hideSecrets(err error, args []string) error {
	for i, arg := range args {
		for _, name := range secretNames {
			rest, found := strings.CutPrefix(strings.TrimLeft(arg, "-"), name)
			switch {
			case !found || arg[0] != '-' || rest == "" && (i+1 == len(args) || !strings.HasPrefix(args[i+1], "=")):
			case rest == "" || rest == "=":
				return usage("--%s has no value; write --%s=VALUE without spaces", name, name)
			case !strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "-file") || !strings.HasPrefix(arg, "--"):
				return usage("unknown flag; did you mean --%s=VALUE?", name)
			}
		}
	}
	if err == nil || !strings.HasPrefix(err.Error(), unexpectedArgument) || !parsed(err).Leaf() {
		return err
	}
	node := parsed(err)
	hasSecret := slices.ContainsFunc(flagNamesOf(node), func(flag string) bool {
		return slices.ContainsFunc(secretNames, func(name string) bool { return strings.HasPrefix(flag, "--"+name) })
	})
	n := len(node.Positional) + 1
	if hasSecret {
		return usage("argument %d is too many, and is not shown because it may be a secret; %v", n, surplus(node, args))
	}
	word, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), unexpectedArgument), ", did you mean ")
	return usage("argument %d (%s) is too many; %v", n, word, surplus(node, args))
}
