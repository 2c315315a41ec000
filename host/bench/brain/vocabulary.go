package brain

import (
	"math/rand/v2"
	"strings"
)

// frequent are words that everybody uses, the most frequent first.
const frequent = `the you i to a and is it of that what in do have me are on my for can not with be
this your how know so like just about want one there get all no if at but think from when they where an
good was time who who would some as we more up go tell out or see make had has come could time will why
need here then did them say now really day people day much only well take something back right find`

// syllables make up the words that few use.
var (
	onsets = strings.Fields("b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl sp st t th tr v w")
	nuclei = strings.Fields("a e i o u ai ea ee oa ou")
	codas  = strings.Fields("b ck d ft g l ll m mp n nd ng nt p r rd rk rm rn s sh st t th x")
)

// exponent is that of Zipf's law: how much more often a word is used than the next.
const exponent = 1.07

// vocabulary is words by their frequency.
type vocabulary struct {
	words []string
	zipf  *rand.Zipf
	dice  *rand.Rand
}

// newVocabulary makes a vocabulary of a size, no word of it twice and none with a digit.
func newVocabulary(dice *rand.Rand, size int) *vocabulary {
	v := &vocabulary{dice: dice}
	known := map[string]bool{}
	for _, word := range strings.Fields(frequent) {
		if !known[word] && len(v.words) < size {
			known[word] = true
			v.words = append(v.words, word)
		}
	}
	for len(v.words) < size {
		if word := made(dice, 1+dice.IntN(3)); !known[word] {
			known[word] = true
			v.words = append(v.words, word)
		}
	}
	v.zipf = rand.NewZipf(dice, exponent, 2, uint64(size-1))
	return v
}

// made makes a word up.
func made(dice *rand.Rand, syllables int) string {
	word := ""
	for range syllables {
		word += onsets[dice.IntN(len(onsets))] + nuclei[dice.IntN(len(nuclei))]
	}
	return word + codas[dice.IntN(len(codas))]
}

// word draws a word as people use them.
func (v *vocabulary) word() string { return v.words[v.zipf.Uint64()] }

// any draws a word without regard to its frequency.
func (v *vocabulary) any() string { return v.words[v.dice.IntN(len(v.words))] }

// some draws a row of words.
func (v *vocabulary) some(n int, draw func() string) string {
	words := make([]string, n)
	for i := range words {
		words[i] = draw()
	}
	return strings.Join(words, " ")
}

// alien draws a row of words of none of which the vocabulary knows: no word of it ends so.
func (v *vocabulary) alien(n int) string {
	return v.some(n, func() string { return made(v.dice, 2) + "zzq" })
}
