package origin

// What a translation of an agency text must share with it. Numbers carry most:
// two newsrooms that report alone rarely give the same three unusual ones.
const (
	minNumbers   = 3
	numbersShare = 0.75 // of the shorter list
	minFacts     = 3
	factsShare   = 0.6 // Jaccard
)

// translation finds the agency text in another language that it translates.
func (l *Ledger) translation(it Item) (int32, bool) {
	if len(it.Numbers) < minNumbers || len(it.Facts) < minFacts {
		return 0, false
	}
	wires := 0
	for i := range l.Texts {
		t := &l.Texts[i]
		if t.Agency == "" || len(t.Numbers) < minNumbers {
			continue
		}
		if wires++; wires > maxWires {
			break
		}
		if t.Lang == it.Lang || t.Lang == "" || it.Lang == "" || (it.Agency != "" && it.Agency != t.Agency) {
			continue
		}
		n := shared(t.Numbers, it.Numbers)
		if n < minNumbers || float64(n) < numbersShare*float64(min(len(t.Numbers), len(it.Numbers))) {
			continue
		}
		f := shared(t.Facts, it.Facts)
		if f >= minFacts && float64(f) >= factsShare*float64(len(t.Facts)+len(it.Facts)-f) {
			return l.root(int32(i)), true
		}
	}
	return 0, false
}

// shared counts what two ascending lists have in common.
func shared(a, b []uint32) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}
