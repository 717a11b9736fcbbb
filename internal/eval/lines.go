package eval

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// eachLine hands over the JSON lines of a file, packed or not.
func eachLine[T any](path string, take func(T)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := io.Reader(f)
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	for dec := json.NewDecoder(bufio.NewReader(in)); ; {
		var line T
		switch err := dec.Decode(&line); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read %s: %w", path, err)
		}
		take(line)
	}
}

// encode writes JSON lines.
func encode[T any](w io.Writer, lines []T) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	for _, line := range lines {
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return out.Flush()
}
