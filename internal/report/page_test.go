package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// crowd is a history of n alerts, several living at once, each with versions
// and forty articles.
func crowd(n int) *Log {
	l := &Log{Name: "the crowd"}
	l.Beside([]string{"missile"})
	for i := range n {
		at := time.Duration(i) * 3 * time.Hour
		var has []string
		for j := range 40 {
			id := fmt.Sprintf("%d-%d", i, j)
			l.Article(article(id, "A missile over the sea", at+time.Duration(j)*time.Minute))
			has = append(has, fmt.Sprintf("%s/origin%d", id, j%25))
		}
		id, watch := fmt.Sprintf("alert%d", i), fmt.Sprintf("watch-%d", i%9)
		level := []string{events.Elevated, events.High, events.Critical}[i%3]
		l.Decided(version(id, watch, events.Opened, events.Elevated, at, has[:2]...))
		l.Decided(version(id, watch, events.Escalated, level, at+time.Hour, has...))
		l.Decided(version(id, watch, events.Resolved, level, at+40*time.Hour, has...))
		l.Missed(Miss{Watch: watch, Story: "miss" + id, Headline: "Nearly", At: noon.Add(at), Lacks: "2 origins of 3"})
	}
	return l
}

// A page of 1,200 alerts lists a thousand of them, draws all, and is of a size
// that browsers open at once.
func TestAPageOfAThousandAlerts(t *testing.T) {
	var b bytes.Buffer
	if err := crowd(1200).Page(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if n := strings.Count(page, "<details class=\"alert"); n != mostAlerts {
		t.Errorf("%d alerts are listed, want %d", n, mostAlerts)
	}
	if !strings.Contains(page, "200 older ones are left out here") {
		t.Error("nothing is said of those that are not")
	}
	if b.Len() > 12<<20 {
		t.Errorf("%d bytes", b.Len())
	}
	if path := os.Getenv("REPORT_PAGE"); path != "" { // to look at it in a browser
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// The policy of the page lets its own style in.
func TestTheStyleIsThatOfThePolicy(t *testing.T) {
	var b bytes.Buffer
	if err := told().Page(&b); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(b.String(), "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(html.UnescapeString(b.String()), want) {
		t.Errorf("the page has no %s", want)
	}
}

// Alerts of one watch that lived at the same time do not hide each other.
func TestAlertsAtTheSameTimeStandInRows(t *testing.T) {
	l := &Log{}
	l.Article(article("0", "x", 0))
	l.Article(article("1", "x", 48*time.Hour))
	for i, id := range []string{"a", "b", "c"} {
		at := time.Duration(i) * time.Hour
		if id == "c" {
			at = 40 * time.Hour
		}
		l.Decided(version(id, "w", events.Opened, events.High, at, "1/x"))
		l.Decided(version(id, "w", events.Resolved, events.High, at+5*time.Hour, "1/x"))
	}
	c := l.chart(l.Rows(), nil)
	if len(c.Lanes) != 1 || len(c.Lanes[0].Lives) != 3 {
		t.Fatalf("%+v", c.Lanes)
	}
	lives := c.Lanes[0].Lives
	if lives[0].Y == lives[1].Y || lives[2].Y != lives[0].Y {
		t.Errorf("rows at %v, %v and %v", lives[0].Y, lives[1].Y, lives[2].Y)
	}
	for _, b := range lives {
		if b.Y < c.Lanes[0].Y || b.Y+b.H > c.Lanes[0].Y+float64(c.Lanes[0].High) {
			t.Errorf("%+v is not in its lane %+v", b, c.Lanes[0])
		}
	}
}
