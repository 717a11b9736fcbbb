package page

// region is the densest run of blocks behind from: that whose sum of running
// text, less what links, labels and short lines take away, is greatest (Finn,
// Kushmerick and Smyth, "Fact or fiction: content classification for digital
// libraries", 2001).
func region(all []paragraph) []paragraph {
	best, sum := 0, 0
	start, bestStart, bestEnd := 0, 0, 0
	for i, p := range all {
		sum += weight(p)
		if sum <= 0 {
			sum, start = 0, i+1
			continue
		}
		if sum > best {
			best, bestStart, bestEnd = sum, start, i+1
		}
	}
	var kept []paragraph
	for _, p := range all[bestStart:bestEnd] {
		if !p.beside {
			kept = append(kept, p)
		}
	}
	return kept
}

func weight(p paragraph) int {
	size := len(p.text)
	switch {
	case p.beside:
		return -min(size, 200)
	case p.linked*2 > size:
		return -min(size, 100)
	case size >= 80 || size >= 40 && sentence(p.text):
		return size
	case p.heading:
		return -20
	}
	return -40
}
