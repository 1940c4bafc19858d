package main

import (
	"context"
	"log"
	"regexp"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// scrapeTimeout is below Prometheus' default scrape timeout of 10 s, so that a slow cluster is reported and not cut off.
const scrapeTimeout = 9 * time.Second

type filters struct{ topics, excludedTopics, groups *regexp.Regexp }

func (f filters) topic(name string) bool {
	return f.topics.MatchString(name) && !f.excludedTopics.MatchString(name)
}

type collector struct {
	admin   *kadm.Client
	filters filters
}

func newCollector(client *kgo.Client, f filters) *collector {
	return &collector{admin: kadm.NewClient(client), filters: f}
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("kafka_"+name, help, labels, nil)
}

var (
	brokers    = describe("brokers", "Number of brokers in the cluster")
	brokerInfo = describe("broker_info", "A broker, by id and address", "id", "address")

	partitions      = describe("topic_partitions", "Number of partitions of a topic", "topic")
	newestOffset    = describe("topic_partition_current_offset", "Newest offset of a partition", "topic", "partition")
	oldestOffset    = describe("topic_partition_oldest_offset", "Oldest offset of a partition", "topic", "partition")
	leader          = describe("topic_partition_leader", "Id of a partition's leader", "topic", "partition")
	preferred       = describe("topic_partition_leader_is_preferred", "1 if the leader is the preferred one", "topic", "partition")
	replicas        = describe("topic_partition_replicas", "Number of replicas of a partition", "topic", "partition")
	inSyncReplicas  = describe("topic_partition_in_sync_replica", "Number of replicas in sync", "topic", "partition")
	underReplicated = describe("topic_partition_under_replicated_partition", "1 if a replica is not in sync", "topic", "partition")

	groupMembers    = describe("consumergroup_members", "Number of members of a group", "consumergroup")
	groupOffset     = describe("consumergroup_current_offset", "Offset a group has committed", "consumergroup", "topic", "partition")
	groupOffsetSum  = describe("consumergroup_current_offset_sum", "Committed offsets of a topic, added up", "consumergroup", "topic")
	groupLag        = describe("consumergroup_lag", "Messages a group has not committed yet", "consumergroup", "topic", "partition")
	groupLagSum     = describe("consumergroup_lag_sum", "Lag of a topic, added up", "consumergroup", "topic")
	exporterScraped = describe("exporter_last_scrape_error", "1 if the last scrape missed something")
)

// Describe sends nothing: which series exist depends on the cluster.
func (c *collector) Describe(chan<- *prometheus.Desc) {}

// Collect asks the cluster anew at every scrape. What fails is logged and left out, so that one dead broker does not
// hide the others.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	failed := false
	check := func(what string, err error) bool {
		if err != nil {
			log.Printf("%s: %v", what, err)
			failed = true
		}
		return err == nil
	}
	if metadata, err := c.admin.Metadata(ctx); check("metadata", err) {
		c.collectTopics(metadata, gauge)
		c.collectOffsets(ctx, gauge, check)
		c.collectGroups(ctx, gauge, check)
	}
	gauge(exporterScraped, flag01(failed))
}

type gaugeFunc func(desc *prometheus.Desc, value float64, labels ...string)
type checkFunc func(what string, err error) bool

func (c *collector) collectTopics(metadata kadm.Metadata, gauge gaugeFunc) {
	gauge(brokers, float64(len(metadata.Brokers)))
	for _, broker := range metadata.Brokers {
		gauge(brokerInfo, 1, strconv.Itoa(int(broker.NodeID)), broker.Host+":"+strconv.Itoa(int(broker.Port)))
	}
	for name, topic := range metadata.Topics {
		if !c.filters.topic(name) {
			continue
		}
		gauge(partitions, float64(len(topic.Partitions)), name)
		for id, p := range topic.Partitions {
			labels := []string{name, strconv.Itoa(int(id))}
			gauge(leader, float64(p.Leader), labels...)
			gauge(preferred, flag01(len(p.Replicas) > 0 && p.Leader == p.Replicas[0]), labels...)
			gauge(replicas, float64(len(p.Replicas)), labels...)
			gauge(inSyncReplicas, float64(len(p.ISR)), labels...)
			gauge(underReplicated, flag01(len(p.ISR) < len(p.Replicas)), labels...)
		}
	}
}

func (c *collector) collectOffsets(ctx context.Context, gauge gaugeFunc, check checkFunc) {
	report := func(what string, desc *prometheus.Desc, offsets kadm.ListedOffsets, err error) {
		if !check(what, err) {
			return
		}
		offsets.Each(func(o kadm.ListedOffset) {
			if c.filters.topic(o.Topic) && check(what+" of "+o.Topic, o.Err) {
				gauge(desc, float64(o.Offset), o.Topic, strconv.Itoa(int(o.Partition)))
			}
		})
	}
	newest, err := c.admin.ListEndOffsets(ctx)
	report("newest offsets", newestOffset, newest, err)
	oldest, err := c.admin.ListStartOffsets(ctx)
	report("oldest offsets", oldestOffset, oldest, err)
}

func (c *collector) collectGroups(ctx context.Context, gauge gaugeFunc, check checkFunc) {
	lags, err := c.admin.Lag(ctx)
	if !check("groups", err) {
		return
	}
	for name, group := range lags {
		if !c.filters.groups.MatchString(name) || !check("group "+name, group.Error()) {
			continue
		}
		gauge(groupMembers, float64(len(group.Members)), name)
		for topic, parts := range group.Lag {
			if !c.filters.topic(topic) {
				continue
			}
			offsets, lag := 0.0, 0.0
			for id, member := range parts {
				// A partition nothing was ever committed for has no lag to tell.
				if member.Err != nil || member.Commit.At < 0 {
					continue
				}
				gauge(groupOffset, float64(member.Commit.At), name, topic, strconv.Itoa(int(id)))
				gauge(groupLag, float64(member.Lag), name, topic, strconv.Itoa(int(id)))
				offsets += float64(member.Commit.At)
				lag += float64(member.Lag)
			}
			gauge(groupOffsetSum, offsets, name, topic)
			gauge(groupLagSum, lag, name, topic)
		}
	}
}

func flag01(on bool) float64 {
	if on {
		return 1
	}
	return 0
}
