package events

import "embed"

// Schemas holds the JSON Schemas (draft 2020-12) of the messages:
// schema/article.v1.json, schema/enriched.v1.json, schema/alert.v1.json.
//
//go:embed schema/*.json
var Schemas embed.FS
