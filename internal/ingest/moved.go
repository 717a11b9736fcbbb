package ingest

import "net/http"

// moved returns where the request was sent for good: the last address of the
// permanent redirects (301, 308) that its way began with, or "" when there was
// none. What lies behind a temporary redirect is not remembered.
func moved(resp *http.Response) string {
	var way []*http.Request // last hop first
	for r := resp.Request; r != nil; {
		way = append(way, r)
		if r.Response == nil {
			break
		}
		r = r.Response.Request
	}
	to := ""
	for i := len(way) - 2; i >= 0; i-- {
		switch way[i].Response.StatusCode {
		case http.StatusMovedPermanently, http.StatusPermanentRedirect:
			to = way[i].URL.String()
		default:
			return to
		}
	}
	return to
}
