// Command kafka_exporter serves a Kafka cluster's topics, replicas and consumer lag as Prometheus metrics, under the
// metric names, labels and flags of the exporter that the stack names; that one's module cannot be had from the Go proxy.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"regexp"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/twmb/franz-go/pkg/kgo"
)

// addresses is a flag that may be given several times.
type addresses []string

func (a *addresses) String() string     { return strings.Join(*a, ",") }
func (a *addresses) Set(v string) error { *a = append(*a, v); return nil }

func main() {
	var servers addresses
	flag.Var(&servers, "kafka.server", "host:port of a broker; may be given several times")
	listen := flag.String("web.listen-address", ":9308", "where to serve")
	path := flag.String("web.telemetry-path", "/metrics", "path of the metrics")
	flag.String("kafka.version", "2.0.0", "accepted and not used: this client asks the brokers what they speak")
	topics := flag.String("topic.filter", ".*", "topics to report, a regular expression")
	excludedTopics := flag.String("topic.exclude", "^$", "topics not to report, a regular expression")
	groups := flag.String("group.filter", ".*", "consumer groups to report, a regular expression")
	flag.Parse()
	if len(servers) == 0 {
		servers = addresses{"kafka:9092"}
	}

	client, err := kgo.NewClient(kgo.SeedBrokers(servers...))
	if err != nil {
		log.Fatalf("--kafka.server %v: %v", servers, err)
	}
	collector := newCollector(client, filters{
		topics:         regexp.MustCompile(*topics),
		excludedTopics: regexp.MustCompile(*excludedTopics),
		groups:         regexp.MustCompile(*groups),
	})
	prometheus.MustRegister(collector)
	http.Handle(*path, promhttp.Handler())
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	log.Printf("serving %s on %s for brokers %s", *path, *listen, servers.String())
	log.Fatal(http.ListenAndServe(*listen, nil))
}
