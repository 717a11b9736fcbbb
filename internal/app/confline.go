package app

import "github.com/goccy/go-yaml/ast"

// lineNode notes where a YAML value begins.
type lineNode struct{ line int }

// UnmarshalYAML takes the node as it was parsed.
func (n *lineNode) UnmarshalYAML(node ast.Node) error {
	n.line = node.GetToken().Position.Line
	return nil
}
