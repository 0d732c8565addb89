package rules

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/gen"
)

// Nearest returns the known path that resembles path most, first by its last
// part, to help after a typing mistake.
func Nearest(path string) string {
	paths := []string{createUser.Path}
	for _, op := range gen.Operations {
		paths = append(paths, op.Path)
	}
	last := func(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
	return slices.MinFunc(paths, func(a, b string) int {
		return cmp.Or(
			cmp.Compare(distance(last(path), last(a)), distance(last(path), last(b))),
			cmp.Compare(distance(path, a), distance(path, b)))
	})
}

// distance counts the letters to insert, delete or replace to get from a to b,
// in either case.
func distance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
