package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func BenchmarkTmpPublish(b *testing.B) {
	for _, sync := range []string{"2m", "always"} {
		for _, mode := range []string{"atomic", "each", "fast"} {
			for _, size := range []int{100, 500, 1000} {
				b.Run(fmt.Sprint(sync, "/", mode, "/", size), func(b *testing.B) {
					bs, err := Open(context.Background(), Config{Embedded: true, Dir: b.TempDir(), Sync: sync}, Hooks{})
					if err != nil {
						b.Fatal(err)
					}
					defer bs.Close()
					cfg := streams[0].config(bs.cfg)
					cfg.AllowBatchPublish = true
					cfg.Duplicates = 30*time.Second
					if _, err := bs.js.CreateOrUpdateStream(context.Background(), cfg); err != nil {
						b.Fatal(err)
					}
					data := json.RawMessage(strings.Repeat("Some words that a reader. ", 80))
					n := 0
					b.ResetTimer()
					start := time.Now()
					total := 0
					for range b.N {
						all := make([]*sending, size)
						for i := range all {
							n++
							all[i] = bs.sending(Out{Subject: "tocsin.article.a", Type: "x", ID: fmt.Sprint(n), Value: data}, "now")
						}
						switch mode {
						case "atomic":
							if _, err := bs.commit(context.Background(), "ARTICLES", all); err != nil {
								b.Fatal(err)
							}
						case "each":
							if err := bs.sendEach(context.Background(), "ARTICLES", all); err != nil {
								b.Fatal(err)
							}
						case "fast":
							inbox := bs.nc.NewInbox()
							sub, _ := bs.nc.SubscribeSync(inbox + ".>")
							for i, s := range all {
								op := 1
								if i == 0 {
									op = 0
								}
								if i == size-1 {
									op = 2
								}
								s.msg.Reply = fmt.Sprintf("%s.%d.%d.fail.%d.%d.$FI", inbox, n, 1000, i+1, op)
								if err := bs.nc.PublishMsg(s.msg); err != nil {
									b.Fatal(err)
								}
							}
							for {
								m, err := sub.NextMsg(5 * time.Second)
								if err != nil {
									b.Fatal(err)
								}
								if strings.Contains(string(m.Data), `"stream"`) {
									if strings.Contains(string(m.Data), "err") {
										b.Fatal(string(m.Data))
									}
									break
								}
							}
							sub.Unsubscribe()
						}
						total += size
					}
					b.ReportMetric(float64(total)/time.Since(start).Seconds(), "msg/s")
				})
			}
		}
	}
}

var _ jetstream.Msg
var _ nats.Msg
