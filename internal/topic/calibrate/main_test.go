package main

import (
	"math"
	"strings"
	"testing"
)

func TestTheFitFindsTheCurveThatTheVerdictsCameFrom(t *testing.T) {
	var all []verdict
	for i := range 4000 {
		score := 0.5 + float64(i%50)/100
		x := math.Log(score / (1 - score))
		p := 1 / (1 + math.Exp(-(0.5*x + 0.3)))
		all = append(all, verdict{score: score, strict: math.Mod(float64(i)*0.6180339887, 1) < p})
	}
	slope, shift := fit(all)
	if math.Abs(slope-0.5) > 0.1 || math.Abs(shift-0.3) > 0.1 {
		t.Errorf("slope %.2f, shift %.2f; want 0.5 and 0.3", slope, shift)
	}
}

func TestABadLineIsNamed(t *testing.T) {
	err := run(strings.NewReader("{\"lang\":\"en\"}\nno json\n"), &strings.Builder{})
	if err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
		t.Errorf("got %v", err)
	}
}
