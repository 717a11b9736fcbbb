package app

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/tocsin-news/tocsin/internal/bus"
)

// cluster is three brokers that keep every stream three times.
type cluster struct {
	options [3]*server.Options
	brokers [3]*server.Server
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{}
	var routes []*url.URL
	for i := range c.options {
		host, port := hostPort(t, freePort(t))
		clusterHost, clusterPort := hostPort(t, freePort(t))
		c.options[i] = &server.Options{
			ServerName: fmt.Sprintf("broker%d", i), Host: host, Port: port, JetStream: true, StoreDir: filepath.Join(t.TempDir(), "store"),
			NoSigs: true, NoLog: true, MaxPayload: 8 << 20, JetStreamMaxStore: 1 << 40,
			Cluster: server.ClusterOpts{Name: "tocsin", Host: clusterHost, Port: clusterPort},
		}
		routes = append(routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("%s:%d", clusterHost, clusterPort)})
	}
	for i := range c.options {
		c.options[i].Routes = routes
		c.start(t, i)
	}
	t.Cleanup(func() {
		for i := range c.brokers {
			c.stop(i)
		}
	})
	wait(t, "a leader", func() bool {
		for _, b := range c.brokers {
			if b.JetStreamIsLeader() {
				return true
			}
		}
		return false
	})
	return c
}

func hostPort(t *testing.T, address string) (host string, port int) {
	t.Helper()
	host, p, _ := strings.Cut(address, ":")
	if _, err := fmt.Sscan(p, &port); err != nil {
		t.Fatal(err)
	}
	return host, port
}

func (c *cluster) start(t *testing.T, i int) {
	t.Helper()
	b, err := server.NewServer(c.options[i].Clone())
	if err != nil {
		t.Fatal(err)
	}
	b.Start()
	c.brokers[i] = b
	if !b.ReadyForConnections(30 * time.Second) {
		t.Fatalf("broker %d is not ready", i)
	}
}

func (c *cluster) stop(i int) {
	c.brokers[i].Shutdown()
	c.brokers[i].WaitForShutdown()
}

func (c *cluster) url() string {
	var all []string
	for _, o := range c.options {
		all = append(all, fmt.Sprintf("nats://%s:%d", o.Host, o.Port))
	}
	return strings.Join(all, ",")
}

// Of three brokers, each goes away and comes back in turn while news comes in:
// nothing is lost, nothing is decided twice.
func TestThreeBrokersOneAfterTheOther(t *testing.T) {
	if testing.Short() {
		t.Skip("starts three brokers")
	}
	t.Parallel()
	brokers := startCluster(t)
	c := Config{Listen: "127.0.0.1:0", NATS: bus.Config{URL: brokers.url(), Replicas: 3}, Path: filepath.Join(t.TempDir(), "tocsin.yaml")}
	withWatches(t, allianceWatch)(&c)
	r := run(t, c)
	r.offer(t, "2024-11-23T13:00", "2024-11-23T13:57", 0)
	for i, hours := range [3][2]string{{"14:00", "14:59"}, {"15:00", "17:59"}, {"18:00", "23:59"}} {
		brokers.stop(i)
		r.offer(t, "2024-11-23T"+hours[0], "2024-11-23T"+hours[1], time.Millisecond)
		brokers.start(t, i)
		wait(t, "the broker keeps up again", func() bool { return brokers.brokers[i].Healthz(nil).Error == "" })
	}
	r.settle(t)
	asOneReader(t, r)
	if b, err := r.Ledger(t.Context()); err != nil || !b.Balanced() || b.InFlight != 0 || b.Dead != 0 || b.Unread != 0 {
		t.Error(b, err)
	}
	if n := r.counter(t, "tocsin_broker_regressed_total"); n != 0 {
		t.Errorf("%g times the brokers had less than they had acknowledged", n)
	}
}
