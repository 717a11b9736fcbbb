package egress

import (
	"errors"
	"net"
	"testing"
)

func TestDialChecksTheAddress(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	conn, err := open(t).Dial(t.Context(), "tcp", ln.Addr().String())
	if err != nil {
		t.Fatalf("an allowed range: %v", err)
	}
	conn.Close()
	var r *Refused
	if _, err := client(t, Config{}).Dial(t.Context(), "tcp", ln.Addr().String()); !errors.As(err, &r) || r.Reason != ReasonAddress {
		t.Errorf("a private address: %v", err)
	}
	if _, err := client(t, Config{}).Dial(t.Context(), "tcp", "203.0.114.1:23"); !errors.As(err, &r) || r.Reason != ReasonPort {
		t.Errorf("a port that is not mail's: %v", err)
	}
}
