// Command cadvisor serves cAdvisor's own container metrics. cAdvisor's main package is no module of its own at a usable
// version; this one wires the same packages to the flags of the official command that the stack uses. No user interface.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/cadvisor/cache/memory"
	"github.com/google/cadvisor/container"
	_ "github.com/google/cadvisor/container/docker/install"
	v2 "github.com/google/cadvisor/info/v2"
	"github.com/google/cadvisor/manager"
	"github.com/google/cadvisor/metrics"
	"github.com/google/cadvisor/utils/sysfs"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
)

// The official command's default of --disable_metrics.
var disabled = container.MetricSet{
	container.MemoryNumaMetrics:              struct{}{},
	container.NetworkTcpUsageMetrics:         struct{}{},
	container.NetworkUdpUsageMetrics:         struct{}{},
	container.NetworkAdvancedTcpUsageMetrics: struct{}{},
	container.ProcessSchedulerMetrics:        struct{}{},
	container.ProcessMetrics:                 struct{}{},
	container.HugetlbUsageMetrics:            struct{}{},
	container.ReferencedMemoryMetrics:        struct{}{},
	container.CPUTopologyMetrics:             struct{}{},
	container.ResctrlMetrics:                 struct{}{},
	container.CPUSetMetrics:                  struct{}{},
}

// What --enable_metrics names; if anything, it alone decides.
var enabled = container.MetricSet{}

func main() {
	address := flag.String("listen_ip", "", "IP to listen on, all by default")
	port := flag.Int("port", 8080, "port to listen on")
	storeLabels := flag.Bool("store_container_labels", true, "turn every container label into a metric label")
	allowedLabels := flag.String("whitelisted_container_labels", "", "with --store_container_labels=false: labels to keep, by comma")
	storage := flag.Duration("storage_duration", 2*time.Minute, "how long samples are kept")
	cgroupPrefixes := flag.String("raw_cgroup_prefix_whitelist", "", "cgroups to report even with --docker_only, by comma")
	flag.Var(&disabled, "disable_metrics", "kinds of metrics to leave out, by comma")
	flag.Var(&enabled, "enable_metrics", "kinds of metrics to report, by comma; overrides --disable_metrics")
	klog.InitFlags(nil)
	flag.Parse()

	included := container.AllMetrics.Difference(disabled)
	if len(enabled) > 0 {
		included = enabled
	}
	m, err := manager.New(memory.New(*storage, nil), sysfs.NewRealSysFs(), manager.HousekeepingConfigFlags, included,
		http.DefaultClient, strings.Split(*cgroupPrefixes, ","), nil, "", 0)
	if err != nil {
		klog.Fatalf("manager: %v", err)
	}
	if err := m.Start(); err != nil {
		klog.Fatalf("start: %v", err)
	}

	labels := metrics.DefaultContainerLabels
	if !*storeLabels {
		labels = metrics.BaseContainerLabels(strings.Split(*allowedLabels, ","))
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		metrics.NewPrometheusCollector(m, labels, included, clock.RealClock{}, v2.RequestOptions{IdType: v2.TypeName, Count: 1, Recursive: true}),
		metrics.NewPrometheusMachineCollector(m, included))
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	klog.Fatal(http.ListenAndServe(fmt.Sprintf("%s:%d", *address, *port), nil))
}
