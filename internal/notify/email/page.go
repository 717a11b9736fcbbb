package email

import (
	"html/template"
	"strings"

	"github.com/tocsin-news/tocsin/internal/notify/render"
)

// page is the HTML alternative: no script, no image, nothing from outside.
func page(f render.Facts) (string, error) {
	var b strings.Builder
	if err := layout.Execute(&b, f); err != nil {
		return "", err
	}
	return b.String(), nil
}

// layout escapes by html/template; colours are few and readable in the dark.
var layout = template.Must(template.New("mail").Parse(`<!DOCTYPE html>
<html lang="{{.Words.Lang}}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{{.Headline}}</title></head>
<body style="font-family:sans-serif;line-height:1.4;max-width:44em">
<h1 style="font-size:1.2em">[{{.Level}}] {{.State}}: {{.Headline}}</h1>
{{range .Lines}}<p>{{.}}</p>
{{end}}{{if .Evidence}}<h2 style="font-size:1em">{{.Words.Evidence}}</h2>
<ul>{{range .Evidence}}
<li>{{if .URL}}<a href="{{.URL}}" rel="noopener noreferrer nofollow">{{.Title}}</a>{{else}}{{.Title}}{{end}}<br><small>{{.By}}</small></li>{{end}}
</ul>
{{end}}{{if .More}}<p>{{.More}}</p>
{{end}}{{if .Link}}<p>{{.Words.Explained}} <a href="{{.Link}}" rel="noopener noreferrer nofollow">{{.Link}}</a></p>
{{end}}</body></html>
`))
