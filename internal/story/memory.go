package story

import (
	"math"
	"slices"
	"time"
)

// remember moves the story's mean towards the article.
func (s *Story) remember(w *weighted, gap time.Duration) {
	if s.Articles == 1 && len(s.Members) == 1 {
		// Most stories stay alone, and have nothing to be split from; the
		// founder's brief is made when a second article comes.
		s.Recent = []Brief{brief(s.Members[0].ID, s.Words, s.Names)}
	}
	keep := math.Exp2(-math.Max(0, gap.Hours()) / fade.Hours())
	if n := s.Words.norm(); n*keep > heavy {
		keep = heavy / n
	}
	s.Words.scale(keep)
	s.Heads.scale(keep)
	s.Names.scale(keep)
	s.Topics.scale(keep)
	s.Words = s.Words.add(w.words, 1, storyWords)
	s.Heads = s.Heads.add(w.heads, 1, storyWords)
	s.Names = s.Names.add(w.names, 1, storyNames)
	s.Topics = s.Topics.add(w.topics, 1, topicTerms)
	s.Numbers = latest(s.Numbers, w.Numbers)
	s.Places = latest(s.Places, w.Places)
	if s.Articles > 0 {
		s.Recent = append(s.Recent, brief(w.ID, w.words, w.names))
	}
	if len(s.Recent) > briefs {
		s.Recent = slices.Delete(s.Recent, 0, len(s.Recent)-briefs)
	}
}

func brief(article string, words, names Vector) Brief {
	return Brief{article, slices.Clone(words).heaviest(10), slices.Clone(names).heaviest(6)}
}

// near is how many of the latest articles one is compared with.
const near = 12

// nearest is the best cosine of the article's words with those of one of the
// story's latest articles, in brief: a story moves on, and its mean lags.
func (s *Story) nearest(w *weighted) float64 {
	if len(s.Recent) == 0 {
		return w.words.cosine(s.Words)
	}
	best := 0.0
	for _, b := range s.Recent[max(0, len(s.Recent)-near):] {
		best = math.Max(best, w.words.cosine(b.Words))
	}
	return best
}

// latest is the union of two ascending lists, of bounded length: where it
// grows too long, what only the old list has goes.
func latest(old, fresh []uint32) []uint32 {
	if len(fresh) == 0 {
		return old
	}
	all := slices.Concat(old, fresh)
	slices.Sort(all)
	all = slices.Compact(all)
	for i := 0; len(all) > storyFacts && i < len(all); {
		if _, ok := slices.BinarySearch(fresh, all[i]); ok {
			i++
			continue
		}
		all = slices.Delete(all, i, i+1)
	}
	return all
}

// central says how much a title's words weigh in the story, per word, so that
// neither the longest nor the shortest wins.
func (s *Story) central(words string) float64 {
	v := title(words)
	return v.dot(s.Heads) / math.Sqrt(float64(len(v))+2)
}
