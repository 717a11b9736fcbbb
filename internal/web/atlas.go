package web

import (
	"cmp"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strings"
)

// land is the outline of the land, in tenths of a degree, south down; gen makes it.
//
//go:embed land.txt
var land string

// atlas is a map of the places that articles name, cut to where they are. Its
// unit is a tenth of a degree.
type atlas struct {
	Box    string // of the drawing: x y width height
	Land   string
	Unit   float64 // of type and dots: one at the width of 720
	Grid   []gridLine
	Places []pin
	Say    string
}

type gridLine struct{ X1, Y1, X2, Y2 float64 }

type pin struct {
	X, Y, R    float64
	Name, Say  string
	LabelX     float64
	LabelY     float64
	LabelStart bool
}

// The whole map, and the least that is shown of it, in tenths of a degree.
const (
	mapWest, mapEast   = -1800, 1800
	mapNorth, mapSouth = -840, 600
	leastWide          = 600
	shape              = 2.2 // width over height
)

// mostLabels is how many places have their names written.
const mostLabels = 14

// mapped makes the map of the places of articles: the more articles name one,
// the larger. It is nil when none has a place.
func mapped(articles []Grounds) *atlas {
	type counted struct {
		Place
		n int
	}
	var all []counted
	at := map[string]int{}
	for _, g := range articles {
		for _, p := range g.Places {
			if math.Abs(p.Lat) > 90 || math.Abs(p.Lon) > 180 || math.IsNaN(p.Lat) || math.IsNaN(p.Lon) {
				continue
			}
			i, ok := at[p.ID+p.Name]
			if !ok {
				i = len(all)
				at[p.ID+p.Name] = i
				all = append(all, counted{Place: p})
			}
			all[i].n++
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b counted) int { return cmp.Compare(b.n, a.n) })
	a := &atlas{Land: strings.TrimSpace(land)}
	var xs, ys []float64
	for _, p := range all {
		xs, ys = append(xs, 10*p.Lon), append(ys, -10*p.Lat)
	}
	x, y, w, h := frameOf(xs, ys)
	a.Box, a.Unit = fmt.Sprintf("%.0f %.0f %.0f %.0f", x, y, w, h), w/720
	a.grid(x, y, w, h)
	for i, p := range all {
		a.pin(p.Place, p.n, all[0].n, i < mostLabels, x+w)
	}
	var names []string
	for _, p := range all[:min(len(all), mostLabels)] {
		names = append(names, p.Name)
	}
	a.Say = "Map of " + strings.Join(names, ", ")
	return a
}

// frameOf is the part of the map that holds all points with some room around.
func frameOf(xs, ys []float64) (x, y, w, h float64) {
	x, y = slices.Min(xs), slices.Min(ys)
	w, h = slices.Max(xs)-x, slices.Max(ys)-y
	cx, cy := x+w/2, y+h/2
	w = min(mapEast-mapWest, max(leastWide, w*1.35, h*1.5*shape))
	h = min(mapSouth-mapNorth, w/shape)
	x = min(mapEast-w, max(mapWest, cx-w/2))
	y = min(mapSouth-h, max(mapNorth, cy-h/2))
	return x, y, w, h
}

func (a *atlas) grid(x, y, w, h float64) {
	step := 50.0
	for w/step > 9 {
		step *= 2
	}
	for v := math.Ceil(x/step) * step; v < x+w; v += step {
		a.Grid = append(a.Grid, gridLine{v, y, v, y + h})
	}
	for v := math.Ceil(y/step) * step; v < y+h; v += step {
		a.Grid = append(a.Grid, gridLine{x, v, x + w, v})
	}
}

// pin sets a place, and its name where there is room for it.
func (a *atlas) pin(p Place, n, most int, label bool, east float64) {
	u := a.Unit
	q := pin{X: math.Round(10 * p.Lon), Y: math.Round(-10 * p.Lat), Name: p.Name, Say: p.Name + ": " + count(n, "article")}
	if p.Country != "" {
		q.Say = p.Name + " (" + p.Country + "): " + count(n, "article")
	}
	q.R = round1(u * (3 + 4*math.Sqrt(float64(n)/float64(most))))
	wide := u * 8.2 * float64(len([]rune(p.Name)))
	q.LabelX, q.LabelY, q.LabelStart = round1(q.X+q.R+3*u), round1(q.Y+4*u), true
	if q.LabelX+wide > east {
		q.LabelX, q.LabelStart = round1(q.X-q.R-3*u), false
	}
	if !label || a.crowded(q, wide) {
		q.Name = ""
	}
	a.Places = append(a.Places, q)
}

// crowded reports whether the name of q would lie on another.
func (a *atlas) crowded(q pin, wide float64) bool {
	left := func(p pin, w float64) float64 {
		if p.LabelStart {
			return p.LabelX
		}
		return p.LabelX - w
	}
	for _, p := range a.Places {
		if p.Name == "" {
			continue
		}
		w := a.Unit * 8.2 * float64(len([]rune(p.Name)))
		if math.Abs(p.LabelY-q.LabelY) < 15*a.Unit && left(p, w) < left(q, wide)+wide && left(q, wide) < left(p, w)+w {
			return true
		}
	}
	return false
}

func round1(x float64) float64 { return math.Round(10*x) / 10 }
