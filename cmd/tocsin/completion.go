package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

func (completionCmd) Help() string {
	return `  source <(tocsin completion bash)                          # in ~/.bashrc
  source <(tocsin completion zsh)                           # in ~/.zshrc
  tocsin completion fish > ~/.config/fish/completions/tocsin.fish`
}

// completions ask the program itself, so that they fit its version.
var completions = map[string]string{
	"bash": `_tocsin() {
  local IFS=$'\n'
  COMPREPLY=($(tocsin complete-words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tocsin tocsin
`,
	"zsh": `#compdef tocsin
_tocsin() {
  local -a found
  found=("${(@f)$(tocsin complete-words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n $found ]]; then compadd -- $found; else _files; fi
}
compdef _tocsin tocsin
`,
	"fish": `complete -c tocsin -a '(tocsin complete-words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
}

func (c completionCmd) Run(std stdio) error {
	_, err := fmt.Fprint(std.out, completions[c.Shell])
	return err
}

// suggestCmd is what the scripts ask: the words of a command line so far, the
// last of which is to be completed.
type suggestCmd struct {
	Words []string `arg:"" optional:""`
}

func (c suggestCmd) Run(std stdio, k *kong.Context) error {
	for _, word := range suggest(k.Model.Node, c.Words) {
		fmt.Fprintln(std.out, word)
	}
	return nil
}

// suggest lists what the last of words may become.
func suggest(node *kong.Node, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	last := words[len(words)-1]
	var value *kong.Flag // what the next word is the value of
	for _, w := range words[:len(words)-1] {
		switch {
		case value != nil:
			value = nil
		case strings.HasPrefix(w, "-"):
			value = awaited(node, w)
		default:
			if i := slices.IndexFunc(node.Children, func(n *kong.Node) bool { return n.Name == w }); i >= 0 {
				node = node.Children[i]
			}
		}
	}
	var all []string
	switch {
	case value != nil:
		all = value.EnumSlice()
	case strings.HasPrefix(last, "-"):
		for _, f := range flagsOf(node) {
			all = append(all, "--"+f.Name)
		}
	default:
		for _, n := range node.Children {
			if !n.Hidden {
				all = append(all, n.Name)
			}
		}
		for _, p := range node.Positional {
			all = append(all, p.EnumSlice()...)
		}
	}
	all = slices.DeleteFunc(all, func(w string) bool { return w == "" || !strings.HasPrefix(w, last) })
	slices.Sort(all)
	return slices.Compact(all)
}

// awaited is the flag that w is, if the word behind it is its value.
func awaited(node *kong.Node, w string) *kong.Flag {
	for _, f := range flagsOf(node) {
		if (w == "--"+f.Name || f.Short != 0 && w == "-"+string(f.Short)) && !f.IsBool() {
			return f
		}
	}
	return nil
}

// flagsOf are the flags that may stand at a command: its own, and those of the
// commands that it is of.
func flagsOf(node *kong.Node) []*kong.Flag {
	var out []*kong.Flag
	for n := node; n != nil; n = n.Parent {
		for _, f := range n.Flags {
			if !f.Hidden {
				out = append(out, f)
			}
		}
	}
	return out
}
