// Package similar finds the word that somebody meant to type.
package similar

import "strings"

// Question asks, behind a message, whether the known word was meant that the
// unknown one is a slip of; "" where none is near.
func Question(word string, known []string) string {
	if similar, ok := Word(word, known); ok {
		return "; did you mean " + similar + "?"
	}
	return ""
}

// Word finds the known word that the unknown one is a slip of; false where
// none is near.
func Word(word string, known []string) (similar string, ok bool) {
	best, distance := "", 3
	for _, k := range known {
		if d := editDistance(plain(word), plain(k)); d < distance && d < len(k)/2+1 {
			best, distance = k, d
		}
	}
	return best, best != ""
}

// plain drops what people spell differently: case, '-' and '_'.
func plain(word string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return -1
		}
		return r
	}, strings.ToLower(word))
}

// editDistance counts the insertions, deletions and substitutions that lead
// from a to b (Levenshtein). Words too long to be a slip are far apart at once.
func editDistance(a, b string) int {
	const far = 64
	if len(a) > far || len(b) > far {
		return far
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j]+1, row[j+1]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
