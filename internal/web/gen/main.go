// Command gen makes the outline of the land that the console's maps are drawn
// on: internal/web/land.txt, the d of an SVG path in degrees, east to the
// right and south down.
//
// It reads the land of Natural Earth at 1:110 m (public domain) as the npm
// package world-atlas packs it (TopoJSON):
//
//	npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
//	go run ./internal/web/gen package/land-110m.json > internal/web/land.txt
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
)

// What is left out: bends of less than tolerance degrees, islands of less than
// smallest square degrees, and all that lies south of south.
const (
	tolerance = 0.22
	smallest  = 0.6
	south     = -60
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen land-110m.json > land.txt")
		os.Exit(2)
	}
	rings, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
	var b strings.Builder
	for _, r := range rings {
		r = unwrap(r)
		if area(r) < smallest || r[0].y < south {
			continue
		}
		r = simplify(r)
		for _, shift := range []float64{-360, 0, 360} {
			if shows(r, shift) {
				write(&b, r, shift)
			}
		}
	}
	fmt.Println(b.String())
}

type point struct{ x, y float64 }

// topology is the part of TopoJSON that such a file uses: arcs are differences
// of whole numbers, and a ring is a list of arcs, ~i being arc i backwards.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   struct {
		Land struct {
			Geometries []struct{ Arcs [][][]int }
		}
	}
}

func read(path string) ([][]point, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var t topology
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	arcs := make([][]point, len(t.Arcs))
	for i, a := range t.Arcs {
		x, y := 0.0, 0.0
		for _, d := range a {
			x, y = x+d[0], y+d[1]
			arcs[i] = append(arcs[i], point{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]})
		}
	}
	var rings [][]point
	for _, g := range t.Objects.Land.Geometries {
		for _, polygon := range g.Arcs {
			for _, ring := range polygon {
				rings = append(rings, join(arcs, ring))
			}
		}
	}
	if len(rings) == 0 {
		return nil, fmt.Errorf("%s: no land in it: want land-110m.json of world-atlas 2", path)
	}
	return rings, nil
}

func join(arcs [][]point, ring []int) []point {
	var out []point
	for _, i := range ring {
		if i >= 0 {
			out = append(out, arcs[i]...)
			continue
		}
		a := arcs[^i]
		for k := len(a) - 1; k >= 0; k-- {
			out = append(out, a[k])
		}
	}
	return out
}

// unwrap leads a ring that crosses the antimeridian on beyond 180 degrees.
func unwrap(r []point) []point {
	shift := 0.0
	for i := 1; i < len(r); i++ {
		switch d := r[i].x + shift - r[i-1].x; {
		case d > 180:
			shift -= 360
		case d < -180:
			shift += 360
		}
		r[i].x += shift
	}
	return r
}

// shows reports whether a ring, moved by shift, lies on the map with more than
// an edge.
func shows(r []point, shift float64) bool {
	west, east := math.Inf(1), math.Inf(-1)
	for _, p := range r {
		west, east = min(west, p.x+shift), max(east, p.x+shift)
	}
	return east > -179.9 && west < 179.9
}

// area is that of a ring in square degrees.
func area(r []point) float64 {
	sum := 0.0
	for i := range r {
		j := (i + 1) % len(r)
		sum += r[i].x*r[j].y - r[j].x*r[i].y
	}
	return math.Abs(sum) / 2
}

// simplify leaves out bends of less than tolerance (Douglas and Peucker 1973).
func simplify(r []point) []point {
	if len(r) < 3 {
		return r
	}
	far, at := 0.0, 0
	for i := 1; i < len(r)-1; i++ {
		if d := off(r[i], r[0], r[len(r)-1]); d > far {
			far, at = d, i
		}
	}
	if far < tolerance {
		return []point{r[0], r[len(r)-1]}
	}
	left, right := simplify(r[:at+1]), simplify(r[at:])
	return append(left[:len(left)-1:len(left)-1], right...)
}

// off is how far p is from the line from a to b.
func off(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	n := math.Hypot(dx, dy)
	if n == 0 {
		return math.Hypot(p.x-a.x, p.y-a.y)
	}
	return math.Abs(dy*(p.x-a.x)-dx*(p.y-a.y)) / n
}

// write adds a ring in tenths of a degree, each point but the first as the
// difference from the one before.
func write(b *strings.Builder, r []point, shift float64) {
	x, y := 0, 0
	for i, p := range r {
		px, py := int(math.Round(10*(p.x+shift))), int(math.Round(-10*p.y))
		switch {
		case i == 0:
			fmt.Fprintf(b, "M%d %dl", px, py)
		case px != x || py != y:
			fmt.Fprintf(b, "%d %d ", px-x, py-y)
		}
		x, y = px, py
	}
	b.WriteString("z")
}
