package egress

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRedirects(t *testing.T) {
	port, visits := canary(t)
	var other string
	mux := http.NewServeMux()
	mux.HandleFunc("/end", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "auth="+r.Header.Get("Authorization")) })
	mux.HandleFunc("/hop/{n}", func(w http.ResponseWriter, r *http.Request) {
		n := 0
		fmt.Sscan(r.PathValue("n"), &n)
		if n == 0 {
			http.Redirect(w, r, "/end", http.StatusFound)
			return
		}
		http.Redirect(w, r, fmt.Sprint("/hop/", n-1), http.StatusMovedPermanently)
	})
	to := func(path, where string, code int) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", where)
			w.WriteHeader(code)
		})
	}
	to("/file", "file:///etc/passwd", 302)
	to("/gopher", "gopher://127.0.0.1:70/", 301)
	to("/data", "data:text/html,x", 302)
	to("/user", "http://u:p@127.0.0.1/", 302)
	to("/private", "http://10.0.0.1:"+port+"/", 302)
	to("/loop", "/loop", 302)
	to("/nowhere", "", 302)
	to("/number", "http://2130706433:"+port+"/", 307)
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other+"/end", 308) })
	url := serve(t, mux.ServeHTTP)
	other = serve(t, mux.ServeHTTP)

	c := open(t)
	for _, test := range []struct {
		name, path, body string
		want             Reason
	}{
		{"five hops arrive", "/hop/4", "auth=Bearer x", ""},
		{"six hops do not", "/hop/5", "", ReasonRedirects},
		{"to a file", "/file", "", ReasonScheme},
		{"to gopher", "/gopher", "", ReasonScheme},
		{"to data", "/data", "", ReasonScheme},
		{"with a password", "/user", "", ReasonURL},
		{"to a private address", "/private", "", ReasonAddress},
		{"to an address as a number", "/number", "", ReasonAddress},
		{"in a circle", "/loop", "", ReasonRedirects},
		{"without a location", "/nowhere", "", ReasonRedirects},
		{"to another origin drops the authorisation", "/away", "auth=", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url+test.path, nil)
			req.Header.Set("Authorization", "Bearer x")
			resp, err := c.Do(req)
			if reason(err) != test.want {
				t.Fatalf("error %v, want reason %q", err, test.want)
			}
			if err != nil {
				return
			}
			defer resp.Body.Close()
			if b, _ := io.ReadAll(resp.Body); string(b) != test.body {
				t.Errorf("body %q, want %q", b, test.body)
			}
		})
	}
	if visits.Load() != 0 {
		t.Error("the canary was visited")
	}

	t.Run("a delivery follows none", func(t *testing.T) {
		resp, _, err := get(t, c.With(Deliver), url+"/hop/0")
		if err != nil || resp.StatusCode != http.StatusFound {
			t.Errorf("%v, %v", resp, err)
		}
	})
	t.Run("a POST is not redirected", func(t *testing.T) {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/hop/0", nil)
		resp, err := c.Do(req)
		if err != nil || resp.StatusCode != http.StatusFound {
			t.Fatalf("%v, %v", resp, err)
		}
		resp.Body.Close()
	})
}

func TestHTTPSIsNotLeftForHTTP(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("reached") })
	s := httptest.NewTLSServer(http.RedirectHandler(plain, http.StatusFound))
	t.Cleanup(s.Close)
	c := open(t)
	c.transport.(*http.Transport).TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig
	if _, _, err := get(t, c, s.URL); reason(err) != ReasonDowngrade {
		t.Errorf("error %v", err)
	}
}
