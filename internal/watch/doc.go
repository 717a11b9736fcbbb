// Package watch holds what people want to be told: a query, and when it counts.
// It knows queries, clauses and their files; it has never counted an article
// and sees no clock.
//
// A file of watches is YAML:
//
//	watches:
//	  - name: nato-missile      # letters, digits, - and _
//	    about: one line on what it is for
//	    group: desk          # watches of a group raise one alert a story
//	    query: entity:Q7184 AND topic:weapons.missile
//	    by: story               # story: each story on its own; query: all that
//	                            # matches, together
//	    when:
//	      origins: 3            # independent origins; 2 unless said
//	      within: 2h            # 6h unless said
//	      articles: 5           # optional: and so many articles
//	      surprise: 1e-4        # optional: and as improbable as this
//	    level: elevated         # info elevated high critical; elevated unless said
//	    escalate: {origins: 8, level: high}    # or a list of such
//	    resolve_after: 12h      # quiet time that ends an alert; 24h unless said
//	    budget: 1/week          # optional: thresholds are solved for this
//	    tests:
//	      - fires: {title: "…", text: "…"}
//	      - silent: {title: "…", text: "…"}
//
// Durations are numbers with s, m, h, d or w: 90m, 1d12h. A file is taken whole
// or not at all, and every error names line, column and a way out.
package watch
