package source_test

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/tocsin-news/tocsin/internal/source"
)

func encoded(t *testing.T, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestUTF8BelievesTheBytesBeforeTheLabels(t *testing.T) {
	const french = `<?xml version="1.0" encoding="utf-8"?><a>L’été à Kœnigsberg</a>`
	latin := `<?xml version="1.0" encoding="iso-8859-1"?><a>été “déjà”</a>`
	for name, tc := range map[string]struct {
		in          []byte
		contentType string
		want, set   string
	}{
		"plain UTF-8":                       {[]byte(french), "", french, "utf-8"},
		"a byte-order mark goes":            {[]byte("\ufeff" + french), "", french, "utf-8"},
		"UTF-8 under a wrong header":        {[]byte(french), "text/xml; charset=iso-8859-1", french, "utf-8"},
		"latin-1 is read as windows-1252":   {encoded(t, charmap.Windows1252, latin), "", latin, "windows-1252"},
		"windows-1252 that claims UTF-8":    {encoded(t, charmap.Windows1252, french), "application/xml; charset=utf-8", french, "windows-1252"},
		"the transport's label over XML's":  {encoded(t, charmap.KOI8R, "<?xml version='1.0' encoding='latin1'?><a>ракета</a>"), "text/xml; charset=koi8-r", "<?xml version='1.0' encoding='latin1'?><a>ракета</a>", "koi8-r"},
		"a meta element":                    {encoded(t, charmap.Windows1251, "<html><meta charset=windows-1251><p>ракета</p>"), "text/html", "<html><meta charset=windows-1251><p>ракета</p>", "windows-1251"},
		"a script's charset is no page's":   {encoded(t, simplifiedchinese.GBK, `<script charset="utf-8"></script><meta content="text/html; charset=gb2312">导弹`), "", `<script charset="utf-8"></script><meta content="text/html; charset=gb2312">导弹`, "gbk"},
		"UTF-16 with a mark":                {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "<a>é</a>"), "", "<a>é</a>", "utf-16le"},
		"UTF-16 without one":                {encoded(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "<a>é</a>"), "", "<a>é</a>", "utf-16be"},
		"UTF-32":                            {encoded(t, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "<a>é</a>"), "", "<a>é</a>", "utf-32le"},
		"EBCDIC":                            {encoded(t, charmap.CodePage037, "<?xml version='1.0'?><a>b</a>"), "", "<?xml version='1.0'?><a>b</a>", "ibm037"},
		"ISO-2022-JP, which looks as ASCII": {encoded(t, japanese.ISO2022JP, "<?xml version='1.0' encoding='iso-2022-jp'?><a>弾道</a>"), "", "<?xml version='1.0' encoding='iso-2022-jp'?><a>弾道</a>", "iso-2022-jp"},
		"a made-up label":                   {[]byte("<?xml version='1.0' encoding='klingon'?><a>b</a>"), "text/xml; charset=klingon", "<?xml version='1.0' encoding='klingon'?><a>b</a>", "utf-8"},
	} {
		t.Run(name, func(t *testing.T) {
			got, set := source.UTF8(tc.in, tc.contentType)
			if string(got) != tc.want || set != tc.set {
				t.Fatalf("got %q in %s, want %q in %s", got, set, tc.want, tc.set)
			}
		})
	}
}

func TestUTF8KeepsATextWithOneBadByte(t *testing.T) {
	in := "éééééééééééééééééééééééééééééé\xffé"
	if got, set := source.UTF8([]byte(in), ""); set != "utf-8" || string(got) != "éééééééééééééééééééééééééééééé\uFFFDé" {
		t.Fatalf("got %q in %s", got, set)
	}
}
