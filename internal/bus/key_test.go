package bus

import (
	"regexp"
	"testing"
)

func FuzzKey(f *testing.F) {
	for _, s := range []string{"a", "a.b", ".", "..", "=", "=41", "é", "a b", "\x00"} {
		f.Add(s)
	}
	valid := regexp.MustCompile(`^[-/_=.a-zA-Z0-9]+$`)
	f.Fuzz(func(t *testing.T, key string) {
		if key == "" {
			return
		}
		k := toKey(key)
		if !valid.MatchString(k) || k[0] == '.' || k[len(k)-1] == '.' {
			t.Errorf("%q becomes %q, which is no key", key, k)
		}
		if back := fromKey(k); back != key {
			t.Errorf("%q comes back as %q", key, back)
		}
	})
}
