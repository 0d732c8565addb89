package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/zalando/go-keyring"
	"golang.org/x/term"

	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/output"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// profileCommand manages the profiles.
type profileCommand struct {
	Add    profileAdd    `cmd:"" example:"nimroom profile add staging --app-key 0123456789abcdef --app-secret-file secret.txt" help:"Add a profile. One of this name is replaced only with --force. The secret is read from the terminal or standard input and goes to the keyring of the system, unless --app-secret-file names a file."`
	Use    profileUse    `cmd:"" example:"nimroom profile use staging" help:"Choose the profile of commands that name none."`
	List   profileList   `cmd:"" example:"nimroom profile list" help:"List the profiles."`
	Remove profileRemove `cmd:"" example:"nimroom profile remove staging" help:"Remove a profile, and its secret from the keyring."`
}

// profileName finds names that need no quotes in a shell and are no flags.
var profileName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$`)

type profileAdd struct {
	Name          string `arg:"" help:"Name of the profile: up to 64 letters, digits, dots, hyphens and underscores."`
	AppKey        string `required:"" placeholder:"KEY" help:"The app's key."`
	BaseURL       string `placeholder:"URL" help:"Base URL of the service, with its path prefix. The default is that of the region."`
	Region        string `enum:"china,overseas" default:"china" help:"Region of the app: china or overseas."`
	AppSecretFile string `placeholder:"FILE" help:"File that holds the app's secret, and is read at each call."`
	Force         bool   `help:"Replace all of the profile if it exists; what is not given gets its default."`
	Production    *bool  `negatable:"" help:"Ask before each call that changes something. Without the flag, calls to the vendor's hosts ask, and others do not."`
}

// Run writes the profile. It checks all of it first, so that a mistake changes nothing.
func (c *profileAdd) Run(ctx context.Context, s streams) error {
	file, err := environment.Load()
	if err != nil {
		return usage("%w", err)
	}
	if !profileName.MatchString(c.Name) {
		return usage("name: %q, want up to 64 letters, digits, dots, hyphens and underscores, with a letter or digit first", c.Name)
	}
	old, replaced := file.Profiles[c.Name]
	if replaced && !c.Force {
		return usage("profile %s exists (%v); choose another name, or give --force to replace all of it", c.Name, about(old))
	}
	p := environment.Profile{AppKey: c.AppKey, BaseURL: c.BaseURL, Region: c.Region, Production: c.Production}
	var secret string
	if c.AppSecretFile != "" {
		if p.SecretFile, err = filepath.Abs(c.AppSecretFile); err == nil {
			secret, err = environment.ReadSecretFile(p.SecretFile)
		}
		if err == nil {
			warnOfReaders(s, p.SecretFile)
		}
	} else {
		secret, err = s.readSecret(ctx, s.text("Secret of app %s: ", c.AppKey))
	}
	if errors.Is(err, errCancelled) {
		return exitError{err, exitFailed}
	}
	if err != nil {
		return usage("app secret: %w", err)
	}
	credentials, err := sign.NewCredentials(c.AppKey, secret)
	if err == nil {
		_, err = wrapper.New(credentials, wrapper.WithHosts(p.Hosts()...))
	}
	if err != nil {
		return wrongHost(err)
	}
	undo := func() error { return nil }
	if p.SecretFile == "" {
		undo = func() error { return keyring.Delete(command.KeyringService, c.Name) }
		if before, err := keyring.Get(command.KeyringService, c.Name); err == nil {
			undo = func() error { return keyring.Set(command.KeyringService, c.Name, before) }
		}
		if err := keyring.Set(command.KeyringService, c.Name, secret); err != nil {
			return usage("the secret cannot be kept in the keyring of the system (%w); give --app-secret-file", err)
		}
	}
	file.Profiles[c.Name] = p
	if err := file.Save(); err != nil {
		return errors.Join(err, undo())
	}
	done := message.Of("Profile %s is added.", c.Name)
	if replaced {
		done = message.Of("Profile %s is replaced (before: %v; now: %v).", c.Name, about(old), about(p))
	}
	fmt.Fprintln(s.out, s.text("%v Use it with --profile %[2]s or NIM_PROFILE=%[2]s, or always after nimroom profile use %[2]s.", done, c.Name))
	if replaced && p.SecretFile != "" {
		return forget(c.Name, old)
	}
	return nil
}

// forget deletes the secret of a profile that is no longer in the file from the keyring.
func forget(name string, old environment.Profile) error {
	if old.SecretFile != "" {
		return nil
	}
	if err := keyring.Delete(command.KeyringService, name); err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return message.Errorf("the keyring of the system still has the secret of profile %s: %w; delete it there, service %s", name, err, command.KeyringService)
	}
	return nil
}

// about says what a profile is, apart from its secret.
func about(p environment.Profile) message.Text {
	if p.IsProduction() {
		return message.Of("app %s at %s, production", p.AppKey, p.Hosts()[0])
	}
	return message.Of("app %s at %s, not production", p.AppKey, p.Hosts()[0])
}

// errCancelled ends a command at whose question the user interrupted it.
var errCancelled = message.Errorf("Cancelled. Nothing was changed.")

// readSecret reads a secret from the terminal, which does not show it, or from standard input.
func (s streams) readSecret(ctx context.Context, prompt string) (string, error) {
	var text string
	var err error
	if terminal, ok := s.in.(*os.File); ok && s.asks {
		text, err = s.typed(ctx, terminal, prompt)
	} else {
		var all []byte
		all, err = io.ReadAll(io.LimitReader(s.in, 4096))
		text = string(all)
	}
	if secret := strings.TrimSpace(text); err != nil || secret != "" {
		return secret, err
	}
	return "", message.Errorf("none given; type it, send it to standard input, or give --app-secret-file")
}

// typed reads a line that the terminal does not show. Control-C and Control-D are characters then, which end the
// line with an error, as signals do.
func (s streams) typed(ctx context.Context, terminal *os.File, prompt string) (string, error) {
	before, err := term.MakeRaw(int(terminal.Fd()))
	if err != nil {
		return "", err
	}
	defer fmt.Fprintln(s.err) // behind the prompt, once the terminal is as it was
	defer func() { _ = term.Restore(int(terminal.Fd()), before) }()
	type line struct {
		text string
		err  error
	}
	read := make(chan line, 1)
	go func() { // it is not over before the user presses a key
		text, err := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{terminal, io.Discard}, "").ReadPassword("")
		read <- line{text, err}
	}()
	fmt.Fprint(s.err, prompt)
	select {
	case <-ctx.Done():
		return "", errCancelled
	case got := <-read:
		if errors.Is(got.err, io.EOF) {
			return "", errCancelled
		}
		return got.text, got.err
	}
}

type profileUse struct {
	Name string `arg:"" complete:"profile" help:"Name of the profile."`
}

// Run marks the profile as the current one.
func (c *profileUse) Run(s streams) error {
	_, err := changeProfiles(c.Name, func(file *environment.File) { file.Current = c.Name })
	if err == nil {
		fmt.Fprintln(s.out, s.text("Commands use profile %s now.", c.Name))
	}
	return err
}

type profileRemove struct {
	Name string `arg:"" complete:"profile" help:"Name of the profile."`
}

// Run removes the profile.
func (c *profileRemove) Run(s streams) error {
	old, err := changeProfiles(c.Name, func(file *environment.File) {
		delete(file.Profiles, c.Name)
		if file.Current == c.Name {
			file.Current = ""
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, s.text("Profile %s is removed.", c.Name))
	return forget(c.Name, old)
}

// changeProfiles changes a file that has a profile of this name, and returns what the profile was.
func changeProfiles(name string, change func(*environment.File)) (old environment.Profile, err error) {
	file, err := environment.Load()
	if err != nil {
		return old, usage("%w", err)
	}
	old, ok := file.Profiles[name]
	if !ok {
		return old, usage("%w", file.Missing(name))
	}
	change(file)
	return old, file.Save()
}

type profileList struct {
	outputFlags `embed:""`
}

// shownProfile is a profile in a list.
type shownProfile struct {
	Current    bool   `json:"current"`
	Name       string `json:"name"`
	AppKey     string `json:"appKey"`
	Service    string `json:"service"`
	Secret     string `json:"secret"` // the file that holds it, or keyring
	Production bool   `json:"production"`
}

// Run prints a row for each profile.
func (c *profileList) Run(ctx context.Context, s streams) error {
	file, err := environment.Load()
	if err != nil {
		return usage("%w", err)
	}
	printer := c.printer(s)
	schema := &described.Schema{Type: "array", Items: schemaOf[shownProfile]()}
	if err := printer.Prepare(schema, ""); err != nil {
		return usage("%w", err)
	}
	if len(file.Profiles) == 0 {
		s.say("There are no profiles; nimroom profile add makes one.")
		if printer.Format == output.Table {
			return nil
		}
	}
	list := []shownProfile{}
	for _, name := range file.Names() {
		p := file.Profiles[name]
		list = append(list, shownProfile{name == file.Current, name, p.AppKey, p.Hosts()[0], cmp.Or(p.SecretFile, "keyring"), p.IsProduction()})
	}
	rows, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if err := printer.Print(ctx, rows, schema, ""); !errors.As(err, new(outputError)) {
		return misused(err)
	}
	return err
}
