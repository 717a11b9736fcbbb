package ingest

import (
	"io"
	"net/http"
	"time"
)

// upload gives a slow sender a deadline that moves with what it sends: patience
// to begin with, and a second more for each kibibyte. A sender that falls
// behind gets os.ErrDeadlineExceeded.
type upload struct {
	body     io.Reader
	conn     *http.ResponseController
	start    time.Time
	patience time.Duration
	n        int64
}

// uploadPatience is how long a sender may take before it must keep up.
const uploadPatience = 30 * time.Second

func (u *upload) Read(p []byte) (int, error) {
	// A connection that knows no deadlines is bounded by its server alone.
	_ = u.conn.SetReadDeadline(u.start.Add(u.patience + time.Duration(u.n)*time.Second/1024))
	n, err := u.body.Read(p)
	u.n += int64(n)
	if err != nil {
		// The server goes on to read, to see whether the sender is still there.
		_ = u.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
