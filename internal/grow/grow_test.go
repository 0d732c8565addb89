package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPiecesGoWhereTheyBelong(t *testing.T) {
	p := parse("a.yaml", "last\n#before c:\n  new\n")
	assert.Equal(t, "last\n  new\n", p.text)
	text, err := p.into("a:\nb:\nc:\n")
	require.NoError(t, err)
	assert.Equal(t, "a:\nb:\n  new\nc:\nlast\n", text)
	_, err = p.into("a:\n")
	assert.EqualError(t, err, `a.yaml has no line "c:"`)
	whole := parse("a.json", "{}\n")
	text, err = whole.into("")
	require.NoError(t, err)
	assert.Equal(t, "{}\n", text)
}

// TestPiecesFitTheRepository, so that a line that moved is noticed here first.
func TestPiecesFitTheRepository(t *testing.T) {
	pieces, err := readPieces("testdata")
	require.NoError(t, err)
	require.NoError(t, report(pieces))
	grown := map[string]string{}
	for _, p := range pieces {
		text, err := os.ReadFile(filepath.Join("..", "..", p.name))
		if !os.IsNotExist(err) {
			require.NoError(t, err)
		}
		grown[p.name], err = p.into(string(text))
		assert.NoError(t, err)
	}
	for _, o := range omissions {
		assert.Contains(t, grown[o.file], o.text, o.what)
		assert.NotEmpty(t, grown[o.file], o.what)
	}
}

func TestTheBudgetIsKept(t *testing.T) {
	assert.Error(t, report([]piece{{name: "a.go", text: "one\n"}}), "too little data")
	assert.Error(t, report(make([]piece, maxFiles+1)), "too many files")
}

func TestMessagesThatNameSomethingAreFound(t *testing.T) {
	assert.Equal(t, []string{"the field b of a"}, naming("the field b of a\na of b\n", []string{"b", "a"}))
	assert.Empty(t, naming("nothing\n", []string{"b"}))
}

func TestPackagesThatPassAreLeftOut(t *testing.T) {
	assert.Equal(t, "--- FAIL: TestB\nFAIL\n", failures("ok  \ta\t1s\n--- FAIL: TestB\nFAIL\n?   \tc\t[no test files]\n"))
}
