package app

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

var variableName = regexp.MustCompile(`\bTOCSIN_[A-Z][A-Z_]*`)

// What the stack and the docs set is known: a variable that is not ends the
// program.
func TestVariablesThatAreWrittenAreKnown(t *testing.T) {
	root := filepath.Join("..", "..")
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, path := range append(docs, filepath.Join(root, "deploy", "compose.yaml"), filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range variableName.FindAllString(string(text), -1) {
			seen++
			if _, ok := variables[name]; !ok && !slices.Contains(ofCommands, name) {
				t.Errorf("%s sets %s, which the program does not know", path, name)
			}
		}
	}
	if seen < 8 {
		t.Errorf("%d variables found, where the stack alone sets more", seen)
	}
}

func TestEnvironmentSetsTheBrokersIdentity(t *testing.T) {
	var c Config
	err := c.environment([]string{"TOCSIN_NATS_USER=enricher", "TOCSIN_NATS_PASSWORD_FILE=/run/nats/password", "TOCSIN_NATS_PROVISIONED=true"})
	if err != nil {
		t.Fatal(err)
	}
	if c.NATS.User != "enricher" || c.NATS.PasswordFile != "/run/nats/password" || !c.NATS.Provisioned {
		t.Errorf("%+v", c.NATS)
	}
	if err := c.environment([]string{"TOCSIN_NATS_PROVISIONED=perhaps"}); err == nil {
		t.Error("perhaps is taken for a truth")
	}
}
