// Package app assembles Tocsin and runs it: it is the only room that knows
// everybody. It makes the object graph of each role, the logger, the metrics
// and the probes, and it starts and stops all of them. It decides nothing
// about news.
package app

// Version is set when a release is built.
var Version = "dev"
