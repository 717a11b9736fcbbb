package eval

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
)

// feeds: is every item of every feed there?
func feeds(ctx context.Context, s Suite, w io.Writer) error {
	dir, err := s.unpacked(ctx, s.data("feeds"), "feeds")
	if err != nil {
		return err
	}
	f, err := s.score(ctx, "feeds", filepath.Join(dir, "expected.jsonl"), "--run", s.Tocsin+" feed", "--dir", dir)
	if err != nil {
		return err
	}
	fmt.Fprint(w, f.line("all", "right", "items_r", "items_p", "crashed", "timed_out", "missing"))
	groups, _ := f.at("by_group").(map[string]any)
	for _, g := range sorted(groups) {
		fmt.Fprint(w, f.line(g, "by_group."+g+".n", "by_group."+g+".right"))
	}
	return nil
}

// pages: the text, title, author and date of articles on pages.
func pages(ctx context.Context, s Suite, w io.Writer) error {
	for _, x := range [][2]string{{"readability", "gold.jsonl.gz"}, {"trafilatura", "gold.jsonl"}} {
		dir, err := s.unpacked(ctx, s.data("extraction", x[0]), x[0])
		if err != nil {
			return err
		}
		pred, err := s.pipe(ctx, x[0]+".jsonl", s.Tocsin, "extract", "--batch", filepath.Join(dir, "list.jsonl"))
		if err != nil {
			return err
		}
		f, err := s.score(ctx, "extract", s.data("extraction", x[0], x[1]), pred)
		if err != nil {
			return err
		}
		fmt.Fprint(w, f.line(x[0], "body.f1", "body.p", "body.r", "snippets.f1", "snippets.p", "snippets.r", "title.right", "author.right", "date.right", "errors", "missing"))
	}
	return nil
}
