package tagger_test

import (
	"testing"

	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

func TestLearnsWhatItIsShown(t *testing.T) {
	lex := tagger.NewLexicon(10)
	tr := tagger.NewTrainer(1, lex, nil)
	set := []tagger.Example{
		{Words: token.Split("General Dupond met Ms Durand in Zork"), Lang: "en", Spans: []tagger.Span{{From: 1, To: 2, Kind: 'P'}, {From: 4, To: 5, Kind: 'P'}, {From: 6, To: 7, Kind: 'L'}}},
		{Words: token.Split("They left Zork for Borg Valley in May"), Lang: "en", Spans: []tagger.Span{{From: 2, To: 3, Kind: 'L'}, {From: 4, To: 6, Kind: 'L'}}},
	}
	for _, e := range set {
		tr.Count(e)
	}
	for range 20 {
		for _, e := range set {
			tr.Learn(e)
		}
	}
	m, err := tagger.Read(tr.Bytes(10000), lex, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range set {
		got := m.Tag(nil, e.Words, nil, e.Lang, new(tagger.Work))
		if len(got) != len(e.Spans) {
			t.Fatalf("%v, want %v", got, e.Spans)
		}
		for i, s := range got {
			s.Score = 0
			if s != e.Spans[i] {
				t.Errorf("%v, want %v", s, e.Spans[i])
			}
		}
	}
}
