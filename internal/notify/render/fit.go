package render

import "fmt"

// hide counts n more articles as not listed.
func (f *Facts) hide(n int) {
	if f.hidden += n; f.hidden > 0 {
		f.More = fmt.Sprintf(f.Words.More, f.Words.Count(f.hidden, f.Words.Article))
	}
}

// Fit is f shortened until fits says yes: first evidence is left out, from the
// middle on, then sentences are cut. A channel builds its whole message in
// fits and measures that, so that nothing is cut in the middle of markup.
func (f Facts) Fit(fits func(Facts) bool) Facts {
	for !fits(f) && len(f.Evidence) > 0 {
		i := len(f.Evidence) / 2
		f.Evidence = append(append([]Evidence{}, f.Evidence[:i]...), f.Evidence[i+1:]...)
		f.hide(1)
	}
	for most := MaxSentence / 2; !fits(f) && most >= 8; most /= 2 {
		for _, s := range []*string{&f.Subject, &f.Headline, &f.Reason, &f.Changed, &f.Missing, &f.Notice, &f.Watch, &f.Stand} {
			*s = Line(*s, most)
		}
	}
	return f
}

// Colour is a level's colour as 0xRRGGBB; green for what has ended.
func (f Facts) Colour() int {
	if f.Resolved {
		return 0x2E7D32
	}
	return [...]int{0x546E7A, 0xF9A825, 0xEF6C00, 0xC62828}[f.Rank]
}
