// Command enricher finds language, entities and topics in articles.
package main

import (
	"os"

	"github.com/tocsin-news/tocsin/internal/app"
)

func main() {
	os.Exit(app.Worker("enricher"))
}
