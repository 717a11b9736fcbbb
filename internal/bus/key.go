package bus

import (
	"encoding/hex"
	"strings"
)

// The broker's keys are letters, digits and "-/_=." with dots only inside.
// Any other byte of a key is written as = and two hexadecimal digits, and so is
// "=" itself; a key that needs none of that is written as it is.

func toKey(key string) string {
	var b strings.Builder
	for i := range len(key) {
		c := key[i]
		if plain(c) || c == '.' && i > 0 && i < len(key)-1 && key[i-1] != '.' {
			b.WriteByte(c)
			continue
		}
		const digits = "0123456789ABCDEF"
		b.WriteByte('=')
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}

func fromKey(key string) string {
	if !strings.Contains(key, "=") {
		return key
	}
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		if key[i] == '=' && i+2 < len(key) {
			if c, err := hex.DecodeString(key[i+1 : i+3]); err == nil {
				b.Write(c)
				i += 2
				continue
			}
		}
		b.WriteByte(key[i])
	}
	return b.String()
}

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '/'
}
