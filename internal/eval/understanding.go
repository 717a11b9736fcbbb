package eval

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
)

// language: the identified language of texts of every length.
func language(ctx context.Context, s Suite, w io.Writer) error {
	gold := s.data("lang-id", "texts.jsonl.gz")
	pred, err := s.enriched(ctx, gold, "language")
	if err != nil {
		return err
	}
	f, err := s.score(ctx, "langid", gold, pred)
	if err != nil {
		return err
	}
	fmt.Fprint(w, f.line("all", "accuracy", "macro_f1", "und"))
	fmt.Fprint(w, f.line("accuracy by kind", "by_kind.title.accuracy", "by_kind.short.accuracy", "by_kind.snippet.accuracy", "by_kind.paragraph.accuracy"))
	return each(f, "by_lang", func(lang string, x Figures) { fmt.Fprint(w, x.line(lang, "n", "p", "r", "f1")) })
}

// topics: French news labelled by the publisher's own sections.
func topics(ctx context.Context, s Suite, w io.Writer) error {
	gold := s.data("topics-fr", "items.jsonl.gz")
	pred, err := s.enriched(ctx, gold, "topics", "--keep-title")
	if err != nil {
		return err
	}
	f, err := s.score(ctx, "topics", gold, pred)
	if err != nil {
		return err
	}
	fmt.Fprint(w, f.line("all", "macro_p", "macro_r", "macro_f1", "macro_f1_none"))
	fmt.Fprint(w, f.line("recall by label's origin", "by_path.path.r", "by_path.path+title.r"))
	fmt.Fprint(w, f.line("none", "none.n", "none.false_alarm", "none.hard_n", "none.hard_false_alarm"))
	return each(f, "by_label", func(label string, x Figures) { fmt.Fprint(w, x.line(label, "n", "p", "r", "f1", "f1_none")) })
}

// entitySets are the sets of named entities, each with what of it is measured.
var entitySets = []string{
	"wikineural-en", "wikineural-fr", "wikineural-de", "wikineural-es", "wikineural-it", "wikineural-nl", "wikineural-pl", "wikineural-pt",
	"wikineural-ru", "ner-uk", "bsnlp-brexit", "bsnlp-ryanair", "factrueval", "europeana-fr", "hipe-hipe2020-en", "hipe-hipe2020-fr",
	"hipe-hipe2020-de", "hipe-newseye-fr", "wnut17-dev", "wiki-fair-links",
}

// entities: strict span and type, links, and ids over documents.
func entities(ctx context.Context, s Suite, w io.Writer) error {
	for _, set := range entitySets {
		gold := s.data("ner", set+".jsonl.gz")
		pred, err := s.enriched(ctx, gold, set)
		if err != nil {
			return err
		}
		f, err := s.score(ctx, "ner", gold, pred)
		if err != nil {
			return err
		}
		fmt.Fprint(w, f.line(set, "p", "r", "f1", "by_type.PER.f1", "by_type.ORG.f1", "by_type.LOC.f1"))
		if f.at("links.n") != nil {
			fmt.Fprint(w, f.line("  links", "links.n", "links.found", "links.accuracy", "links.precision", "links.overlap"))
		}
		if f.at("ids.n") != nil {
			fmt.Fprint(w, f.line("  ids", "ids.n", "ids.p", "ids.r", "ids.f1"))
		}
		if langs, ok := f.at("by_lang").(map[string]any); ok && len(langs) > 1 {
			if err := each(f, "by_lang", func(lang string, x Figures) { fmt.Fprint(w, x.line("  "+lang, "p", "r", "f1")) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// each hands over the members of an object of figures, by name.
func each(f Figures, path string, take func(string, Figures)) error {
	m, ok := f.at(path).(map[string]any)
	if !ok {
		return fmt.Errorf("the scorer gives no %s", path)
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		x, ok := m[k].(map[string]any)
		if !ok {
			return fmt.Errorf("%s.%s is not an object", path, k)
		}
		take(k, x)
	}
	return nil
}
