package origin

import (
	"testing"

	"github.com/tocsin-news/tocsin/internal/token"
)

func TestAgency(t *testing.T) {
	for _, c := range []struct {
		name, title, text, want string
	}{
		{"an English dateline", "", "PARIS, Nov 22 (Reuters) - Ministers met on Friday.", "reuters"},
		{"a dateline with a dash", "", "BRUSSELS (AP) — The alliance said on Monday that it would act.", "ap"},
		{"two agencies name the first", "", "Berlin (dpa/AFP) - Die Minister trafen sich am Montag.", "dpa"},
		{"a Russian dateline", "", "МОСКВА, 22 ноября. /ТАСС/. Переговоры прошли в понедельник.", "tass"},
		{"an Italian head", "", "(ANSA) - ROMA, 22 NOV - Il ministro è arrivato.", "ansa"},
		{"a French signature", "", "Le ministre est arrivé lundi. La réunion a duré deux heures.\nAvec AFP", "afp"},
		{"a Polish signature", "", "Minister przyjechał w poniedziałek. Spotkanie trwało dwie godziny. (PAP)", "pap"},
		{"a source line", "", "The talks went on all night, and nothing was signed. Source: TASS", "tass"},
		{"a closing credit", "", "The talks went on all night, and nothing was signed. — Associated Press", "ap"},
		{"an agency at the head", "", "Reuters — The talks went on all night, and nothing was signed.", "reuters"},
		{"house style", "", "The talks went on. (Reporting by A. Writer in Kyiv; Editing by B. Other)", "reuters"},
		{"a copyright", "", "The talks went on all night.\n© Agence France-Presse", "afp"},
		{"the title's end", "Ministers meet in Vienna (AFP)", "They met.", "afp"},
		{"a Ukrainian source", "", "Переговори тривали всю ніч. Джерело: Укрінформ", "ukrinform"},
		{"a remark made to an agency is no origin", "", "The minister told Reuters on Monday that talks went on. Nothing more was said by the ministry then, or by the other side in Vienna.", ""},
		{"according to an agency, inside, is no origin", "", "Selon l'AFP, le ministre est arrivé lundi. La réunion a duré deux heures, puis chacun est rentré chez soi sans un mot de plus.", ""},
		{"a photo credit is no origin", "", "(AP Photo/Some Body) The minister came on Monday and left on Friday without a word to anyone outside.", ""},
		{"a map is no agency", "", "See the map (Map) of the front line, which moved on Monday by a mile or so in the south.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, ok := Agency(c.title, c.text, token.Of(c.title, c.text))
			if o.Key != c.want || ok != (c.want != "") {
				t.Errorf("Agency = %q, %v; want %q", o.Key, ok, c.want)
			}
		})
	}
}

func TestByline(t *testing.T) {
	for authors, want := range map[string]string{
		"AFP": "afp", "Le Monde avec AFP": "afp", "Jane Doe, Associated Press": "ap", "Jane Doe": "", "": "",
	} {
		if got, _ := Byline([]string{authors}); got != want {
			t.Errorf("Byline(%q) = %q, want %q", authors, got, want)
		}
	}
}

func TestFamilies(t *testing.T) {
	f, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	f = f.With([]Publisher{{Source: "my.example", Family: "mine", Tier: 2, Country: "fr"}, {Source: "sub.bbc.com", Family: "other"}})
	for _, c := range []struct {
		name, source, family string
		tier                 int
		known                bool
	}{
		{"one owner's two sites", "bbc.co.uk", "bbc", 1, true},
		{"a subdomain", "news.bbc.co.uk", "bbc", 1, true},
		{"an agency's own site is the agency", "afp.com", "afp", 1, true},
		{"state media are known and not trusted", "rt.com", "rt", 3, true},
		{"an unknown source is its own family", "never-heard.example", "never-heard.example", 0, false},
		{"a look-alike is not the real one", "bbc.com.evil.example", "bbc.com.evil.example", 0, false},
		{"a user's own", "my.example", "mine", 2, true},
		{"a user's own overrules", "sub.bbc.com", "other", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			family, tier, known := f.Of(c.source)
			if family != c.family || tier != c.tier || known != c.known {
				t.Errorf("Of(%q) = %q, %d, %v; want %q, %d, %v", c.source, family, tier, known, c.family, c.tier, c.known)
			}
		})
	}
}
