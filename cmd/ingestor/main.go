// Command ingestor fetches and normalises news, and takes what is pushed.
package main

import (
	"os"

	"github.com/tocsin-news/tocsin/internal/app"
)

func main() {
	os.Exit(app.Worker("ingestor"))
}
