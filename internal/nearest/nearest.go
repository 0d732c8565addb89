// Package nearest finds the word that a misspelt one was probably meant to be.
package nearest

import (
	"cmp"
	"slices"
	"strings"
)

// shortest is the length of the shortest text that stands for a word which holds it.
const shortest = 3

// Resembles reports whether a text was probably meant to be a word: the word holds it, or less than half
// of the word differs.
func Resembles(text, word string) bool {
	return len(text) >= shortest && strings.Contains(strings.ToLower(word), strings.ToLower(text)) || 2*Distance(text, word) < len(word)
}

// Most is how many words a suggestion names.
const Most = 3

// All returns the words that a text resembles, the nearest first.
func All(text string, words []string) []string {
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool { return !Resembles(text, word) })
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(Distance(text, a), Distance(text, b)) })
	return words
}

// Of returns the word that a text resembles most, or nothing if it resembles none.
func Of(text string, words []string) string {
	if words = All(text, words); len(words) > 0 {
		return words[0]
	}
	return ""
}

// Distance counts the letters to insert, delete, replace or exchange with the next one to get from a
// to b, in either case.
func Distance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			replace := last[j]
			if a[i] != b[j] {
				replace++
			}
			row[j+1] = min(replace, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
