package web

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strings"
)

// Key is a token: who has it, what its role lets them do, and the secret.
type Key struct{ Name, Role, Secret string }

// Roles, each of which may do what those before it may; an ingest token pushes
// articles and nothing else.
const (
	Reader  = "reader"
	Analyst = "analyst"
	Admin   = "admin"
	Ingest  = "ingest"
)

var ranks = map[string]int{Reader: 1, Analyst: 2, Admin: 3}

// Keys are all tokens.
type Keys []Key

// holder is whose token the request carries: as bearer, or as the password of
// HTTP Basic, so that a browser can ask for it.
func (k Keys) holder(r *http.Request) (Key, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") {
		var ok bool
		if _, token, ok = r.BasicAuth(); !ok {
			return Key{}, false
		}
	}
	var who Key
	found := false
	for _, key := range k {
		if subtle.ConstantTimeCompare([]byte(key.Secret), []byte(token)) == 1 {
			who, found = key, true
		}
	}
	return who, found
}

// open reports whether reading needs no token: none is for readers.
func (k Keys) open() bool {
	for _, key := range k {
		if key.Role == Reader || key.Role == Analyst {
			return false
		}
	}
	return true
}

// admit reports who makes the request, or why they may not: role is the least
// that the call asks for, "" for none.
func (k Keys) admit(r *http.Request, role string) (Key, *Problem) {
	if role == "" || role == Reader && k.open() {
		who, _ := k.holder(r)
		return who, nil
	}
	who, ok := k.holder(r)
	switch {
	case !ok:
		p := trouble(http.StatusUnauthorized, "send the token of "+article(role)+" as Authorization: Bearer TOKEN")
		p.challenge = `Bearer realm="Tocsin"`
		if role == Reader {
			p.challenge = `Basic realm="Tocsin: a reader's token as the password", charset="UTF-8"`
		}
		return who, p
	case who.Role == Admin, who.Role == role:
	case role == Ingest, ranks[who.Role] < ranks[role]:
		return who, trouble(http.StatusForbidden, "the token "+who.Name+" has the role "+who.Role+": this needs "+article(role))
	}
	return who, nil
}

func article(role string) string {
	if role == Reader {
		return "a reader"
	}
	return "an " + role
}

type holderKey struct{}

// by is whose token the request came with; a zero Key where none was needed.
func by(r *http.Request) Key {
	k, _ := r.Context().Value(holderKey{}).(Key)
	return k
}

func withHolder(r *http.Request, k Key) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), holderKey{}, k))
}
