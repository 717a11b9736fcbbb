// Package ingest brings news in: it schedules, fetches, polls and takes what
// is pushed, and lets all of it through one door, [Door.Accept].
// It knows sources, their manners and their rhythm; it does not know the bus,
// and it judges no news.
//
//	schedule → poll → adapt → fill → Accept → events.Article
//	                      push, files → Accept ↗
//
// What it needs of others it names as interfaces of one or two methods:
// [Publisher] and [Seen] for the door, [States] for what is learnt of each
// source, [Getter] for the network. app hands them over.
package ingest
