// Command alerter groups articles into stories, decides on alerts, and tells subscribers.
package main

import (
	"os"

	"github.com/tocsin-news/tocsin/internal/app"
)

func main() {
	os.Exit(app.Worker("alerter"))
}
