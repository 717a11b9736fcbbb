package entity_test

import (
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/entity"
)

func file(rows ...string) entity.File {
	return entity.File{Name: "mine.tsv", Data: []byte(strings.ReplaceAll(strings.Join(rows, "\n"), "  ", "\t"))}
}

func TestLoadRefusesWhatIsWrongAndSaysWhere(t *testing.T) {
	for name, c := range map[string]struct {
		file entity.File
		want string
	}{
		"an unknown column":     {file("id  kind  name  colour"), `mine.tsv:1: unknown column "colour"`},
		"a bad kind":            {file("id  kind  name", "per.x  HERO  X Y"), `mine.tsv:2: kind "HERO" is not one of PER ORG LOC MISC`},
		"no id":                 {file("id  kind  name", "  PER  X Y"), "mine.tsv:2: the id is empty"},
		"too many cells":        {file("id  kind  name", "per.x  PER  X Y  z"), "mine.tsv:2: the row has more cells"},
		"a duplicate alias":     {file("id  kind  name  names", "per.x  PER  Ann Lee  Lee", "per.y  PER  Bo Lee  Lee"), `mine.tsv:3: name "Lee" stands for per.x already`},
		"a cycle":               {file("id  kind  name  part", "org.a  ORG  A Co  org.b", "org.b  ORG  B Co  org.a"), "mine.tsv:3: part makes a cycle"},
		"an unknown part":       {file("id  kind  name  part", "org.a  ORG  A Co  org.z"), `mine.tsv:2: part "org.z" is no id`},
		"a place off the globe": {file("id  kind  name  lat  lon", "loc.a  LOC  Aplace  95  0"), "mine.tsv:2: lat"},
		"a bad day":             {file("holder  titles  since", "per.x  en:chief of x  May 2024"), `mine.tsv:2: "May 2024" is not a day`},
		"an unknown holder":     {file("holder  titles", "per.nobody  en:chief of x"), `mine.tsv:2: holder "per.nobody" is no id`},
		"an empty form":         {file("id  kind  name  names", "per.x  PER  X Y  fr:"), "mine.tsv:2: names"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := entity.Load(c.file)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%v, want %s…", err, c.want)
			}
		})
	}
}

func TestAUsersFileAddsToTheBase(t *testing.T) {
	b, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	more, err := b.With(file("# ours", "id  kind  name  names  country  role", "per.jane-doe  PER  Jane Doe  ru:Джейн Доу  FR  chief of our desk", "Q7184  ORG  NATO  the Pact"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := b.ByID("per.jane-doe"); ok {
		t.Error("the base itself was changed")
	}
	r, ok := more.ByID("per.jane-doe")
	if !ok || r.Name != "Jane Doe" || r.Country != "FR" || r.Role != "chief of our desk" || len(r.Names) != 1 || r.Names[0].Lang != "ru" {
		t.Errorf("%+v", r)
	}
	nato, _ := more.ByID("Q7184")
	var forms []string
	for _, n := range nato.Names {
		forms = append(forms, n.Form)
	}
	if all := strings.Join(forms, "|"); !strings.Contains(all, "the Pact") || !strings.Contains(all, "OTAN") {
		t.Errorf("NATO is called %s", all)
	}
}

func TestWellKnownIDs(t *testing.T) {
	b, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	for id, name := range map[string]string{
		"Q7184": "NATO", "Q22686": "Donald Trump", "Q57792": "Mark Rutte", "Q159": "Russia", "Q423": "North Korea", "Q212": "Ukraine",
		"Q7747": "Vladimir Putin", "Q458": "European Union", "Q1065": "United Nations", "geo.4167505": "Palm Beach", "Q90": "Paris",
	} {
		if r, ok := b.ByID(id); !ok || r.Name != name {
			t.Errorf("%s is %q, want %q", id, r.Name, name)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("id\tkind\tname\nper.x\tPER\tX Y")
	f.Add("holder\ttitles\tsince\nper.x\ten:a\t2024-01-01")
	f.Add("id\tkind\tname\tnames\n\t\t\t|||~:")
	f.Fuzz(func(t *testing.T, s string) {
		b, err := entity.Load(entity.File{Name: "f", Data: []byte(s)})
		if err == nil {
			for r := range b.All() {
				if _, ok := b.ByID(r.ID); !ok {
					t.Errorf("%q is not found by its id", r.ID)
				}
			}
		}
	})
}
