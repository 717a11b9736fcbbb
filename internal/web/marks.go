package web

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
)

//go:embed static/tocsin.css
var sheet string

// Marks writes pages of marked articles that stand alone: no script, nothing
// from elsewhere.
type Marks struct {
	W     io.Writer
	begun bool
}

// Add writes one article.
func (m *Marks) Add(a Marked) error {
	if err := m.begin(); err != nil {
		return err
	}
	if a.Map != nil {
		a.Map.Land = "" // the page has it once
	}
	return pages.ExecuteTemplate(m.W, "marked", a)
}

// End closes the page; one without an article says so.
func (m *Marks) End() error {
	none := !m.begun
	if err := m.begin(); err != nil {
		return err
	}
	return pages.ExecuteTemplate(m.W, "marks-foot", none)
}

func (m *Marks) begin() error {
	if m.begun {
		return nil
	}
	m.begun = true
	sum := sha256.Sum256([]byte(sheet)) // the policy lets this one style in
	return pages.ExecuteTemplate(m.W, "marks-head", struct {
		Style      template.CSS
		Hash, Land string
	}{template.CSS(sheet), base64.StdEncoding.EncodeToString(sum[:]), land})
}
