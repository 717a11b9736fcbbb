package channel_test

import "net/http"

// doer is a client that always fails.
type doer struct{ err error }

func (d doer) Do(*http.Request) (*http.Response, error) { return nil, d.err }
