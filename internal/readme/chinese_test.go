package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBlocksAreCopiedButForChineseComments(t *testing.T) {
	const source = "Run it:\n\n```sh\nexport A=1 # for a\ngo run . # for b\n# alone\n```\n"
	got, err := copyBlocks([]byte("运行：\n\n```sh\nexport A=2 # 用于 a\ngo run . # 用于 b\n# old\n```\n"), []byte(source))
	require.NoError(t, err)
	assert.Equal(t, "运行：\n\n```sh\nexport A=1 # for a\ngo run . # 用于 b\n# alone\n```\n", string(got), "a changed command, or a comment that is not Chinese, was kept")
	_, err = copyBlocks([]byte("运行：\n"), []byte(source))
	assert.EqualError(t, err, "0 blocks, but the English edition has 1")
}

// TestTablesOfBothLanguages checks that each operation has its words, and the heads as many columns.
func TestTablesOfBothLanguages(t *testing.T) {
	var tables []string
	for _, in := range []language{english, chinese} {
		operations, err := in.operations()
		require.NoError(t, err)
		assert.NotContains(t, operations, "|  |", in.name)
		tables = append(tables, operations+in.clients([]played{{Name: "A", Generator: "a 1 and b 2"}}))
	}
	assert.Contains(t, tables[0], "| `/chatroom/get.action` | `getChatroom` | `Rooms.Get` | safe | Get a chat room |\n")
	assert.Contains(t, tables[1], "| `/chatroom/get.action` | `getChatroom` | `Rooms.Get` | 只读 | 查询聊天室 |\n")
	assert.Contains(t, tables[1], "| A | a 1 和 b 2 | 0 |")
	assert.Equal(t, strings.Count(tables[0], "|"), strings.Count(tables[1], "|"))
}
