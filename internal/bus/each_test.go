package bus

import "testing"

func TestPlainAckReadsWhatTheDecoderReads(t *testing.T) {
	tests := map[string]struct {
		answer string
		plain  bool
	}{
		"a new message":         {`{"stream":"ARTICLES", "seq":42}`, true},
		"a duplicate":           {`{"stream":"ARTICLES", "seq":42,"duplicate": true}`, true},
		"another spelling":      {`{"stream":"ARTICLES","duplicate":true,"seq":42}`, false},
		"the end of a batch":    {`{"stream":"ARTICLES", "seq":42,"batch":"x","count":3}`, false},
		"an error":              {`{"error":{"code":503,"err_code":10077,"description":"no space"},"stream":"ARTICLES","seq":0}`, false},
		"nothing":               {``, false},
		"a number out of range": {`{"stream":"ARTICLES", "seq":99999999999999999999}`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ack, plain := plainAck([]byte(tt.answer))
			if plain != tt.plain {
				t.Fatalf("plain %v, want %v", plain, tt.plain)
			}
			if !plain {
				return
			}
			if want, err := readAck([]byte(tt.answer)); err != nil || ack != want {
				t.Errorf("read %+v, want %+v, %v", ack, want, err)
			}
		})
	}
}
