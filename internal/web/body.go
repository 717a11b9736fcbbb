package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// readBody reads the request's body, one JSON value, into v; no body at all
// leaves v as it is.
func readBody(r *http.Request, v any) error {
	data, err := io.ReadAll(r.Body)
	if err != nil || len(bytes.TrimSpace(data)) == 0 {
		return err
	}
	return ReadJSON(data, v)
}

// ReadJSON reads one JSON value into v. A field that v does not have is an
// error, for a typing mistake would otherwise pass for a wish; every error is a
// [*Problem] with the place.
func ReadJSON(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	at := d.InputOffset()
	if err == nil {
		if _, more := d.Token(); errors.Is(more, io.EOF) {
			return nil
		}
		err = errors.New("there is more after the value: send one")
	}
	f := Fault{Detail: strings.TrimPrefix(err.Error(), "json: ")}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var moment *time.ParseError
	switch {
	case errors.As(err, &moment):
		f.Detail, f.Hint = fmt.Sprintf("%s is no time", strings.Trim(moment.Value, `"`)), "write it as 2026-01-02T15:04:05Z"
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		f.Field, at = kind.Field, kind.Offset
		f.Detail = fmt.Sprintf("%s is a JSON %s, not %s", cmp.Or(kind.Field, "the body"), kind.Value, jsonKind(kind.Type))
	case errors.Is(err, io.ErrUnexpectedEOF):
		f.Detail, at = "the body ends early", int64(len(data))
	}
	f.Line, f.Column = placeOf(data, at)
	p := trouble(http.StatusUnprocessableEntity, "the body cannot be read: nothing was changed")
	p.Errors = []Fault{f}
	return p
}

// jsonKind is what JSON calls a value of the type.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	}
	return "a number"
}

// placeOf is the line and column of a byte, from 1.
func placeOf(data []byte, at int64) (line, column int) {
	before := data[:min(max(at, 0), int64(len(data)))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

// number reads a parameter of the query string as a number of [least, most];
// otherwise is what stands for none.
func number(r *http.Request, name string, least, most, otherwise int) (int, error) {
	v := r.URL.Query().Get(name)
	if v == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		return 0, trouble(http.StatusBadRequest, fmt.Sprintf("%s is %q: a number from %d to %d", name, v, least, most))
	}
	return n, nil
}
