package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/wrapper"
)

// cacheTime is how long completion does not ask again, so that pressing a key does not use up the quota.
const cacheTime = 15 * time.Second

// lookupTime bounds how long completion waits for the service.
var lookupTime = time.Second

// existing returns the rooms, or the accounts in the room that the line names, as the service says or
// said a moment ago. It returns nothing if it cannot know.
func (l *line) existing(ctx context.Context, kind string) []candidate {
	var about string
	var ask func(context.Context, *service, string) ([]candidate, error)
	switch kind {
	case ofRoom:
		about, ask = l.names["creator"], findRooms
	case ofAccount:
		about, ask = l.kinds[ofRoom], findAccounts
		if about == "" {
			return nil
		}
	default:
		return nil
	}
	app, err := l.app()
	if err != nil {
		return nil
	}
	path, err := cachePath(kind, about, app.AppKey, app.Secret(), app.Hosts()[0])
	if err != nil {
		return nil
	}
	if list, ok := readCache(path); ok {
		return list
	}
	var list []candidate
	if s, err := newService(app, wrapper.WithTimeout(lookupTime), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1})); err == nil {
		s.token = l.setting("control-token")
		ctx, cancel := context.WithTimeout(ctx, lookupTime)
		defer cancel()
		list, _ = ask(ctx, s, about) // what came before an error is true too
	}
	writeCache(path, list)
	return list
}

// app returns the settings that the line and the environment name. It does not open the keyring, which
// may ask for a password.
func (l *line) app() (environment.Settings, error) {
	flags := map[string]string{
		environment.EnvProfile: "profile", environment.EnvBaseURL: "base-url", environment.EnvRegion: "region",
		environment.EnvAppKey: "app-key", environment.EnvAppSecret: "app-secret", environment.EnvAppSecretFile: "app-secret-file",
	}
	return command.SettingsBy(func(variable string) string { return l.setting(flags[variable]) }, nil)
}

// setting returns the value of a flag, or of its environment variable.
func (l *line) setting(name string) string {
	if value, given := l.names[name]; given {
		return value
	}
	for _, flag := range l.flags() {
		if flag.Name != name {
			continue
		}
		for _, variable := range flag.Envs {
			if value, _ := os.LookupEnv(variable); value != "" {
				return value
			}
		}
	}
	return ""
}

// findRooms returns the rooms of a creator, those of an emulator, or the most active ones.
func findRooms(ctx context.Context, s *service, creator string) (list []candidate, err error) {
	if creator != "" {
		ids, err := s.Rooms.ListByCreator(ctx, wrapper.ListUserChatroomsForm{Creator: creator})
		for _, id := range ids {
			list = append(list, candidate{id.String(), "of " + creator})
		}
		return list, err
	}
	top, err := s.Statistics.ListTop(ctx, wrapper.ListTopChatroomsForm{})
	if s.isEmulator() {
		var page struct {
			Rooms []struct {
				RoomID        wrapper.RoomID `json:"roomid"`
				Name, Creator string
			}
		}
		if s.control(ctx, "rooms", &page) == nil {
			for _, room := range page.Rooms {
				list = append(list, candidate{room.RoomID.String(), fmt.Sprintf("%s, of %s", room.Name, room.Creator)})
			}
			return list, nil
		}
	}
	for _, room := range top {
		list = append(list, candidate{room.RoomID.String(), fmt.Sprintf("%d active members", room.ActiveNums)})
	}
	return list, err
}

// findAccounts returns the accounts on the first page of the fixed members of a room, and of its visitors.
func findAccounts(ctx context.Context, s *service, room string) (list []candidate, err error) {
	id, err := wrapper.ParseRoomID(room)
	if err != nil {
		return nil, err
	}
	for _, kind := range []wrapper.MemberKind{wrapper.MemberKindFixed, wrapper.MemberKindVisitors} {
		members, err := s.Members.List(ctx, wrapper.ListMembersForm{RoomID: id, Type: &kind, Limit: gen.ListMembersEndpoint.Page.Maximum})
		if err != nil {
			return list, err
		}
		for _, m := range members {
			list = append(list, candidate{m.Accid, strings.TrimPrefix(cmp.Or(m.Nick, m.Accid)+", "+strings.ToLower(m.Type.String()), m.Accid+", ")})
		}
	}
	return list, nil
}

// cachePath returns where completion keeps what the service responded to a question.
func cachePath(question ...string) (string, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(question)
	digest := sha256.Sum256(text)
	return filepath.Join(folder, "nimroom", "completion", hex.EncodeToString(digest[:16])+".json"), err
}

func readCache(path string) (list []candidate, ok bool) {
	info, err := os.Stat(path)
	if err != nil || time.Since(info.ModTime()) > cacheTime {
		return nil, false
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	var pairs [][2]string
	err = json.Unmarshal(text, &pairs)
	for _, pair := range pairs {
		list = append(list, candidate{pair[0], pair[1]})
	}
	return list, err == nil
}

// writeCache keeps a list, and removes those that are old. Whether it can does not matter.
func writeCache(path string, list []candidate) {
	folder := filepath.Dir(path)
	if os.MkdirAll(folder, 0o700) != nil {
		return
	}
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && time.Since(info.ModTime()) > cacheTime {
			_ = os.Remove(filepath.Join(folder, entry.Name()))
		}
	}
	pairs := make([][2]string, len(list))
	for i, c := range list {
		pairs[i] = [2]string{c.word, c.meaning}
	}
	if text, err := json.Marshal(pairs); err == nil {
		_ = os.WriteFile(path, text, 0o600)
	}
}
