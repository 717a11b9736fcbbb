package main

import (
	"io"

	"github.com/tocsin-news/tocsin/internal/sample"
)

type sampleCmd struct{}

func (sampleCmd) Help() string {
	return `80 short articles in French and English over three days of November 2024, as Article lines.
The outlets are invented, the events are not.

  tocsin sample | tocsin backtest --pack`
}

func (sampleCmd) Run(std stdio) error {
	_, err := io.WriteString(std.out, sample.Lines())
	return err
}
