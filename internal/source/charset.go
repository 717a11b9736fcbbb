package source

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// UTF8 returns a document's bytes as valid UTF-8 without a byte-order mark,
// and the name of the character set that they were read in. What is believed,
// in this order: a byte-order mark; zero bytes that only UTF-16 and UTF-32
// put there; the bytes themselves, where they are valid UTF-8 beyond ASCII;
// the transport's contentType; the XML declaration or the page's meta; a guess.
// A declaration that the bytes contradict is passed over. Bytes that no choice
// explains become U+FFFD.
func UTF8(b []byte, contentType string) ([]byte, string) {
	if enc, name, rest := marked(b); enc != nil {
		return decode(enc, rest), name
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	valid := utf8.Valid(b)
	if valid && !shifts(b, contentType) {
		return b, "utf-8"
	}
	if !valid && almostUTF8(b) {
		return bytes.ToValidUTF8(b, []byte("\uFFFD")), "utf-8"
	}
	for _, label := range []string{transport(contentType), declared(b)} {
		enc, name := lookup(label)
		if enc == nil || name == "utf-8" || strings.HasPrefix(name, "utf-16") {
			continue
		}
		return decode(enc, b), name
	}
	if _, name, _ := charset.DetermineEncoding(b, ""); name != "utf-8" {
		if enc, name := lookup(name); enc != nil {
			return decode(enc, b), name
		}
	}
	return decode(charmap.Windows1252, b), "windows-1252"
}

// marked recognises what byte-order marks and the first "<" show.
func marked(b []byte) (encoding.Encoding, string, []byte) {
	starts := func(s string) bool { return bytes.HasPrefix(b, []byte(s)) }
	switch {
	case starts("\x00\x00\xfe\xff"):
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "utf-32be", b[4:]
	case starts("\xff\xfe\x00\x00"):
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "utf-32le", b[4:]
	case starts("\xfe\xff"):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be", b[2:]
	case starts("\xff\xfe"):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le", b[2:]
	case starts("\x00\x00\x00<"):
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "utf-32be", b
	case starts("<\x00\x00\x00"):
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "utf-32le", b
	case starts("\x00<") || starts("\x00{"):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be", b
	case starts("<\x00") || starts("{\x00"):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le", b
	case starts("\x4c\x6f\xa7\x94"): // "<?xm" in EBCDIC
		return charmap.CodePage037, "ibm037", b
	}
	return nil, "", nil
}

func decode(enc encoding.Encoding, b []byte) []byte {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		out = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return bytes.TrimPrefix(out, []byte("\uFEFF"))
}

// shifts reports whether b, though ASCII, is declared as one of the character
// sets that write everything in ASCII's bytes.
func shifts(b []byte, contentType string) bool {
	for _, label := range []string{transport(contentType), declared(b)} {
		switch strings.ToLower(label) {
		case "iso-2022-jp":
			return bytes.IndexByte(b, 0x1b) >= 0
		case "hz-gb-2312":
			return bytes.Contains(b, []byte("~{"))
		}
	}
	return false
}

// almostUTF8 reports whether b is UTF-8 with little damage: no more than one
// bad byte for every twenty good sequences.
func almostUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		b = b[n:]
	}
	return good >= 20*bad
}

func transport(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return params["charset"]
}

// declared returns the label in an XML declaration, or else in an HTML meta
// element near the beginning.
func declared(b []byte) string {
	head := strings.ToLower(string(b[:min(len(b), maxProlog)]))
	if trimmed := strings.TrimSpace(head); strings.HasPrefix(trimmed, "<?xml") {
		head, _, _ = strings.Cut(trimmed, "?>")
		if label := labelled(head, "encoding"); label != "" {
			return label
		}
	}
	for rest := head; ; {
		_, after, ok := strings.Cut(rest, "<meta")
		if !ok {
			return ""
		}
		tag, _, _ := strings.Cut(after, ">")
		if label := labelled(tag, "charset"); label != "" {
			return label
		}
		rest = after
	}
}

// maxProlog is how far a declaration is looked for, in bytes.
const maxProlog = 16 << 10

// labelled returns the value behind name and an equals sign.
func labelled(s, name string) string {
	_, rest, ok := strings.Cut(s, name)
	if !ok {
		return ""
	}
	rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " \t\r\n"), "=")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, "\"' \t\r\n")
	if end := strings.IndexAny(rest, "\"' />;?"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// lookup takes a label in any of its spellings. Latin-1 is read as
// windows-1252, as browsers do, because that is what is meant.
func lookup(label string) (encoding.Encoding, string) {
	label = strings.ToLower(strings.TrimSpace(label))
	switch strings.NewReplacer("-", "", "_", "", "cp", "").Replace(label) {
	case "":
		return nil, ""
	case "437", "ibm437":
		return charmap.CodePage437, "ibm437"
	case "850", "ibm850":
		return charmap.CodePage850, "ibm850"
	case "852", "ibm852":
		return charmap.CodePage852, "ibm852"
	case "037", "ibm037", "ebcdiccpus":
		return charmap.CodePage037, "ibm037"
	}
	if strings.HasPrefix(label, "cp125") {
		label = "windows-" + label[2:]
	}
	return charset.Lookup(label)
}
