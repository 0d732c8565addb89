package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// omission leaves something out of a grown repository. The command then fails with
// one message, which names it.
type omission struct {
	what    string
	file    string // that it is left out of
	text    string // that is left out, or nothing for the file as a whole
	command []string
	message []string // what the message says, in this order
}

var omissions = []omission{
	{
		what:    "the rule",
		file:    "emulator/internal/rules/robotstays.go",
		command: []string{"go", "build", "./..."},
		message: []string{"*call does not implement operations (missing method listRobotStays)"},
	},
	{
		what:    "the scenarios",
		file:    "conformance/scenarios/listRobotStays.json",
		command: []string{"go", "test", "./conformance"},
		message: []string{"listRobotStays"},
	},
	{
		what:    "a Chinese text",
		file:    "spec/overlay.zh-CN.yaml",
		text:    "      summary: 分页查询聊天室中的机器人\n",
		command: []string{"go", "generate", "./..."},
		message: []string{"/chatroom/queryRobotStays.action", "summary"},
	},
	{
		what:    "the method that reads all pages",
		file:    "spec/openapi.yaml",
		text:    ", all: AllStays",
		command: []string{"go", "generate", "./..."},
		message: []string{"/chatroom/queryRobotStays.action", "x-page needs a method with all in x-methods"},
	},
	{
		what:    "an evidence id",
		file:    "spec/evidence/evidence.yaml",
		text:    "- id: invented-sdk-0.1\n  kind: sdk\n  title: an SDK that was invented for this proof\n  version: '0.1'\n  date: '2026'\n",
		command: []string{"go", "generate", "./..."},
		message: []string{"invented-sdk-0.1"},
	},
}

// without runs the command of an omission and returns its message.
func (c *repository) without(ctx context.Context, o omission) (message string, err error) {
	name := filepath.Join(c.dir, o.file)
	whole, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, c.write(o.file, whole)) }()
	if o.text == "" {
		err = os.Remove(name)
	} else {
		err = c.write(o.file, []byte(strings.Replace(string(whole), o.text, "", 1)))
	}
	if err != nil {
		return "", err
	}
	output, failed := c.run(ctx, o.command...)
	if failed == nil {
		return "", errors.New("no message")
	}
	lines := naming(output, o.message)
	if len(lines) != 1 {
		return "", fmt.Errorf("%d messages instead of one:\n%s", len(lines), output)
	}
	return lines[0], nil
}

// naming returns the lines of an output that say all of words, in their order.
func naming(output string, words []string) (lines []string) {
	for line := range strings.Lines(output) {
		rest, ok := line, true
		for _, word := range words {
			if _, rest, ok = strings.Cut(rest, word); !ok {
				break
			}
		}
		if ok {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}
