// Package web is what people and programs see of Tocsin over HTTP: the
// console, the API, the feeds of alerts and their live stream.
// It reads; the only thing it knows of a decision is the decision. It has
// never heard of a broker: it is told.
//
// All text that came from outside is escaped by html/template or encoding/xml;
// nothing is loaded from anywhere else, and no script is inline, so that the
// pages hold under a strict Content-Security-Policy.
package web
