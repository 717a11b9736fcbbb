package main

type configCmd struct {
	Print configPrintCmd `cmd:"" help:"Print the configuration that counts."`
}

type configPrintCmd struct{}

func (configPrintCmd) Help() string {
	return `Prints the whole configuration, defaults and environment too, as a file that could be read
again. Behind each value stands where it comes from: a file and its line, a variable of the
environment, or default. Secrets are hidden, and files that hold them are named, not read.

  tocsin --config tocsin.yaml config print`
}

func (configPrintCmd) Run(std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	return cfg.WriteEffective(std.out)
}
