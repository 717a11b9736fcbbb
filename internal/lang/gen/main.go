// Command gen makes the language model that package lang carries, from the
// n-gram statistics of lingua-go (Apache-2.0, © Peter M. Stahl).
//
//	go run ./internal/lang/gen -models DIR -o internal/lang/model.bin.gz
//
// DIR is the folder language-models of the module
// github.com/pemistahl/lingua-go v1.4.0. Its files hold, for each language and
// n, the conditional probability of the n-gram's last letter after the others.
// What is written is described in format.go of package lang.
package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/tocsin-news/tocsin/internal/lang"
)

func main() {
	models := flag.String("models", "", "folder language-models of lingua-go")
	out := flag.String("o", "internal/lang/model.bin.gz", "where to write the model")
	minimum := flag.Float64("min4", 0.02, "leave out a 4-gram less probable than this in every language")
	gain := flag.Float64("gain4", 1.0, "leave out a 4-gram whose probability differs less than this (nats) from its 3-gram's in every language")
	flag.Parse()
	if *models == "" {
		flag.Usage()
		os.Exit(2)
	}
	var b bytes.Buffer
	for _, g := range lang.Groups {
		t := read(*models, g, *minimum, *gain)
		log.Printf("%s: %d languages, %d n-grams", g.Script, len(g.Languages), len(t))
		write(&b, g, t)
	}
	if err := save(*out, b.Bytes()); err != nil {
		log.Fatal(err)
	}
}

var names = [...]string{1: "unigrams", 2: "bigrams", 3: "trigrams", 4: "quadrigrams"}

// read gives, for each n-gram of a group, a row of costs: one byte a language.
func read(dir string, g lang.Group, minimum, gain float64) map[string][]byte {
	raw := make([]map[string][]float64, 5) // by n: n-gram → probability by language
	for n := 1; n <= 4; n++ {
		raw[n] = map[string][]float64{}
		for i, code := range g.Languages {
			for gram, p := range ngrams(filepath.Join(dir, lingua(code), names[n]+".pb.bin.zip")) {
				row := raw[n][gram]
				if row == nil {
					row = make([]float64, len(g.Languages))
					raw[n][gram] = row
				}
				row[i] = p
			}
		}
	}
	rows := map[string][]float64{} // n-gram → log probability with back-off
	for n := 1; n <= 4; n++ {
		for gram, ps := range raw[n] {
			if n == 4 && slices.Max(ps) < minimum {
				continue
			}
			row := backOff(rows, gram, len(ps))
			most := 0.0
			for i, p := range ps {
				was := row[i]
				if p > 0 {
					row[i] = math.Log(p)
				} else if n > 1 {
					row[i] += math.Log(lang.BackOff)
				}
				most = max(most, math.Abs(row[i]-was))
			}
			if n == 4 && most < gain {
				continue
			}
			rows[gram] = row
		}
	}
	costs := make(map[string][]byte, len(rows))
	for gram, row := range rows {
		q := make([]byte, len(row))
		for i, l := range row {
			q[i] = byte(min(255, math.Round(-l*lang.Scale)))
		}
		costs[gram] = q
	}
	return costs
}

// backOff is the row of the longest known suffix of gram but gram itself.
func backOff(rows map[string][]float64, gram string, n int) []float64 {
	rs := []rune(gram)
	for i := 1; i < len(rs); i++ {
		if row, ok := rows[string(rs[i:])]; ok {
			return slices.Clone(row)
		}
	}
	row := make([]float64, n)
	for i := range row {
		row[i] = math.Log(lang.Floor)
	}
	return row
}

func lingua(code string) string {
	if code == "no" {
		return "nb"
	}
	return code
}

// ngrams reads one model file: a zip of one protocol buffer,
// SerializableLanguageModel{…; repeated NgramSet{double probability = 1;
// repeated string ngrams = 2} ngram_sets = 4}.
func ngrams(path string) map[string]float64 {
	z, err := zip.OpenReader(path)
	if err != nil {
		log.Fatal(err)
	}
	defer z.Close()
	f, err := z.File[0].Open()
	if err != nil {
		log.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		log.Fatal(err)
	}
	out := map[string]float64{}
	fields(data, func(field int, _ uint64, set []byte) {
		if field != 4 {
			return
		}
		var p float64
		fields(set, func(field int, fixed uint64, b []byte) {
			switch field {
			case 1:
				p = math.Float64frombits(fixed)
			case 2:
				out[string(b)] = p
			}
		})
	})
	return out
}

// fields walks the fields of a protocol buffer.
func fields(b []byte, visit func(field int, number uint64, bytes []byte)) {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		b = b[n:]
		switch key & 7 {
		case 0:
			v, n := binary.Uvarint(b)
			visit(int(key>>3), v, nil)
			b = b[n:]
		case 1:
			visit(int(key>>3), binary.LittleEndian.Uint64(b), nil)
			b = b[8:]
		case 2:
			l, n := binary.Uvarint(b)
			visit(int(key>>3), 0, b[n:n+int(l)])
			b = b[n+int(l):]
		default:
			log.Fatalf("wire type %d is not expected", key&7)
		}
	}
}

func write(w *bytes.Buffer, g lang.Group, costs map[string][]byte) {
	grams := make([]string, 0, len(costs))
	for gram := range costs {
		grams = append(grams, gram)
	}
	slices.Sort(grams)
	head := binary.AppendUvarint(nil, uint64(len(grams)))
	w.Write(head)
	for _, gram := range grams {
		w.WriteByte(byte(len(gram)))
		w.WriteString(gram)
	}
	// Column by column: the costs of one language are alike, and pack well.
	for i := range g.Languages {
		for _, gram := range grams {
			w.WriteByte(costs[gram][i])
		}
	}
}

func save(path string, data []byte) error {
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes, %d unpacked\n", path, z.Len(), len(data))
	return os.WriteFile(path, z.Bytes(), 0o644)
}
