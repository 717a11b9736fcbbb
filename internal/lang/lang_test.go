package lang

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestIdentify(t *testing.T) {
	for _, c := range []struct{ want, title string }{
		{"fr", "Le secrétaire général de l'OTAN rencontre le président élu"},
		{"en", "Alliance ministers meet to discuss the defence of the eastern flank"},
		{"de", "Die Bundesregierung liefert weitere Luftabwehrsysteme"},
		{"es", "El Gobierno aprueba nuevas sanciones contra los bancos"},
		{"it", "Il ministro della Difesa annuncia l'invio di nuovi aiuti"},
		{"nl", "De minister van Defensie waarschuwt voor sabotage op zee"},
		{"pl", "Wojsko podniosło gotowość po ataku rakietowym"},
		{"pt", "O governo português condena o ataque contra os civis"},
		{"cs", "Vláda schválila nákup nových stíhacích letounů"},
		{"sk", "Vláda dnes rokovala o rozpočte na budúci rok"},
		{"sl", "Vlada je danes sprejela nov zakon o obrambi"},
		{"hr", "Ministri obrane danas su razgovarali o sigurnosti na moru"},
		{"hu", "A kormány szerint nem kell félni az új háborútól"},
		{"ro", "Ministrul apărării a anunțat achiziția unor noi sisteme"},
		{"sv", "Regeringen vill höja anslagen till försvaret redan nästa år"},
		{"da", "Regeringen afsætter flere milliarder til det danske forsvar"},
		{"no", "Regjeringen vil øke bevilgningene til Forsvaret allerede neste år"},
		{"fi", "Hallitus päätti lisätä puolustusmenoja ensi vuonna"},
		{"et", "Valitsus otsustas suurendada kaitsekulutusi juba järgmisel aastal"},
		{"lv", "Valdība nolēma palielināt aizsardzības izdevumus nākamgad"},
		{"lt", "Vyriausybė nusprendė didinti išlaidas gynybai kitais metais"},
		{"tr", "Savunma Bakanı yeni hava savunma sistemleri için anlaşma imzaladı"},
		{"ru", "Министр обороны заявил о новых поставках вооружений"},
		{"uk", "Міністр оборони повідомив про нові постачання озброєння"},
		{"bg", "Министърът на отбраната обяви нови доставки на оръжие"},
		{"sr", "Министар одбране је најавио да ће бити нових набавки"},
		{"el", "Ο υπουργός Άμυνας ανακοίνωσε νέα μέτρα"},
		{"ar", "أعلن وزير الدفاع عن إرسال مساعدات جديدة إلى المنطقة"},
		{"fa", "وزیر دفاع اعلام کرد که کمک‌های جدید ارسال می‌شود"},
		{"he", "שר הביטחון הודיע על משלוח סיוע חדש"},
		{"zh", "国防部长宣布新的援助计划"},
		{"ja", "防衛大臣は新しい支援を発表した"},
		{"ko", "국방부 장관은 새로운 지원을 발표했다"},
		{Und, ""},
		{Und, "12 345 — 67 %"},
		{Und, "\u200b\u200b"},
		{Und, "OK"},
		{Und, strings.Repeat("a", 2000)},
		{Und, strings.Repeat("Putin ", 400)},
	} {
		if got := Identify(c.title, ""); got != c.want {
			t.Errorf("%q: got %s, want %s", c.title, got, c.want)
		}
	}
}

func TestIdentifyIsNotFooled(t *testing.T) {
	french := "Les ministres de la Défense se sont réunis mardi pour parler des livraisons de munitions et de la protection des câbles sous-marins. "
	for name, text := range map[string]string{
		"by English boilerplate around a French text": "Skip to content. Subscribe to our newsletter. " + strings.Repeat(french, 4) + " Read more. All rights reserved.",
		"by a foreign quotation":                      strings.Repeat(french, 3) + "« We will do whatever it takes », a-t-il dit.",
		"by capitals":                                 strings.ToUpper(french),
		"by foreign names":                            "Selon Volodymyr Zelensky, Mark Rutte et Keir Starmer, il faut agir vite à Kharkiv",
		"by decomposed accents":                       strings.NewReplacer("é", "e\u0301", "â", "a\u0302").Replace(french),
		"by soft hyphens":                             strings.ReplaceAll(french, "n", "n\u00ad"),
	} {
		if got := Identify("", text); got != "fr" {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestUnpackRefusesADamagedModel(t *testing.T) {
	for name, data := range map[string][]byte{
		"empty": nil, "not gzip": []byte("hello"), "cut short": packed[:len(packed)/2],
	} {
		if _, err := unpack(data); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestSmallWordsAreOfKnownLanguages(t *testing.T) {
	known := map[string]bool{}
	for _, g := range Groups {
		if len(g.Languages) > maxWidth {
			t.Errorf("%s has %d languages, more than %d", g.Script, len(g.Languages), maxWidth)
		}
		for _, l := range g.Languages {
			known[l] = true
		}
	}
	for line := range strings.Lines(smallWords) {
		if l := strings.Fields(line)[0]; l != "#" && !known[l] {
			t.Errorf("words.txt: %s is in no group", l)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	for _, s := range []string{"", "\xff\xfe", "l'OTAN", "Київ и Москва", "日本NATO한국", strings.Repeat("a", 1<<16)} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, title, text string) {
		got := Identify(title, text)
		if got == "" || !utf8.ValidString(got) || got != Identify(title, text) {
			t.Fatalf("got %q", got)
		}
	})
}

// BenchmarkIdentify measures a headline, and an article beside the plain walk
// over its runes that no identifier can beat.
func BenchmarkIdentify(b *testing.B) {
	title := "Le secrétaire général de l'OTAN rencontre le président élu"
	text := strings.Repeat(title+". ", 60)
	Identify(title, text)
	b.Run("title", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Identify(title, "")
		}
	})
	b.Run("article", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Identify(title, text)
		}
	})
	b.Run("runes of the article", func(b *testing.B) {
		for b.Loop() {
			n := 0
			for _, r := range text {
				if scriptOf(r) != none {
					n++
				}
			}
			if n == 0 {
				b.Fatal("no letters")
			}
		}
	})
}
