package sample

import (
	"testing"
	"unicode/utf8"
)

func TestSampleIsAHistory(t *testing.T) {
	articles := Articles()
	if len(articles) != 80 {
		t.Errorf("%d articles, want 80", len(articles))
	}
	sources, langs, urls := map[string]bool{}, map[string]int{}, map[string]bool{}
	for i, a := range articles {
		sources[a.Source], urls[a.URL] = true, true
		langs[a.Lang]++
		if i > 0 && a.FetchedAt.Before(articles[i-1].FetchedAt) {
			t.Errorf("line %d is out of order", i+1)
		}
		a.ID = "x"
		if err := a.Validate(); err != nil || !utf8.ValidString(a.Text) {
			t.Errorf("line %d: %v", i+1, err)
		}
	}
	if len(sources) != 12 || len(urls) != len(articles) || langs["fr"] < 30 || langs["en"] < 30 {
		t.Errorf("%d sources, %d addresses, %v", len(sources), len(urls), langs)
	}
}
