package egress

import (
	"context"
	"fmt"
	"net"
	"slices"
)

// mailPorts are those of mail submission and relay (RFC 6409, RFC 8314).
var mailPorts = []uint16{25, 465, 587}

// Dial opens a connection to a mail server. Its address is checked when it is
// dialled, as that of every request is; the ports of mail may be reached
// besides. The caller bounds what is said over it.
func (c *Client) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := c.mail.DialContext(ctx, network, address)
	if err != nil {
		err = cause(ctx, err)
		c.metrics.gaveUp(err)
		return nil, fmt.Errorf("dial %s: %w", address, err)
	}
	return conn, nil
}

// alsoOn is g with more ports.
func (g *guard) alsoOn(ports ...uint16) *guard {
	more := *g
	more.ports = append(slices.Clone(g.ports), ports...)
	return &more
}
