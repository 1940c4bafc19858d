package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const shipped = `
// Container logs of the stack.
logging {
  level = "error"
}

local.file_match "containers" {
  path_targets = [{"__path__" = "/var/lib/docker/containers/*/*-json.log", job = "docker"}]
}

loki.source.file "containers" {
  targets    = local.file_match.containers.targets
  forward_to = [loki.process.containers.receiver]
}

loki.process "containers" {
  stage.json {
    expressions = { log = "", service = "attrs.\"com.docker.compose.service\"", time = "" }
  }
  stage.labels { values = { service = "" } }
  stage.match {
    selector = ` + "`{service=\"\"}`" + `
    action   = "drop"
  }
  stage.match {
    selector = "{service=\"redis\"}"
    stage.drop { older_than = "24h" }
  }
  stage.timestamp {
    source = "time"
    format = "RFC3339Nano"
  }
  stage.output { source = "log" }
  forward_to = [loki.write.default.receiver]
}

loki.write "default" {
  endpoint {
    url        = "http://loki:3100/loki/api/v1/push"
    batch_wait = "1s"
  }
  external_labels = { stack = "ultrathink" }
}
`

const expected = `{
  "server": {"http_listen_address": "127.0.0.1", "http_listen_port": 1, "grpc_listen_address": "127.0.0.1", "grpc_listen_port": 0, "log_level": "error"},
  "positions": {"filename": "/data/positions.yml"},
  "target_config": {"sync_period": "10s"},
  "clients": [{"url": "http://loki:3100/loki/api/v1/push", "batchwait": "1s", "external_labels": {"stack": "ultrathink"}}],
  "scrape_configs": [{
    "job_name": "containers",
    "static_configs": [{"targets": ["localhost"], "labels": {"__path__": "/var/lib/docker/containers/*/*-json.log", "job": "docker"}}],
    "pipeline_stages": [
      {"json": {"expressions": {"log": "", "service": "attrs.\"com.docker.compose.service\"", "time": ""}}},
      {"labels": {"service": ""}},
      {"match": {"selector": "{service=\"\"}", "action": "drop", "stages": []}},
      {"match": {"selector": "{service=\"redis\"}", "stages": [{"drop": {"older_than": "24h"}}]}},
      {"timestamp": {"source": "time", "format": "RFC3339Nano"}},
      {"output": {"source": "log"}}
    ]
  }]
}`

func translateText(text string) (object, error) {
	body, err := parse("config.alloy", text)
	if err != nil {
		return nil, err
	}
	return translate(body, "/data/positions.yml", "127.0.0.1", 1)
}

func TestTranslatesLogShipping(t *testing.T) {
	config, err := translateText(shipped)
	if err != nil {
		t.Fatal(err)
	}
	// Through JSON and back, so that both sides have the same types.
	encoded, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(encoded, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(expected), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %s\nwant %s", encoded, expected)
	}
}

func TestRefusesByName(t *testing.T) {
	for _, c := range []struct{ name, old, new, wanted string }{
		{"component", `logging {`, `prometheus.scrape "x" {`, "component prometheus.scrape"},
		{"stage", `stage.output {`, `stage.sampling {`, "stage stage.sampling"},
		{"attribute", `format = "RFC3339Nano"`, `zone = "UTC"`, "attribute zone of stage.timestamp (known: source,"},
		{"block", `endpoint {`, `wal {`, "block wal of loki.write"},
		{"dangling reference", `[loki.write.default.receiver]`, `[loki.write.other.receiver]`, "refers to loki.write.other.receiver"},
		{"two receivers", `[loki.write.default.receiver]`, `[loki.write.default.receiver, loki.write.b.receiver]`, "forward_to with 2 receivers"},
		{"function", `"http://loki:3100/loki/api/v1/push"`, `sys.env("URL")`, "sys.env(…)"},
		{"unfinished block", `external_labels = { stack = "ultrathink" }` + "\n}", "", "expected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken := strings.Replace(shipped, c.old, c.new, 1)
			if broken == shipped {
				t.Fatalf("%q is not in the configuration", c.old)
			}
			_, err := translateText(broken)
			if err == nil || !strings.Contains(err.Error(), c.wanted) || !strings.Contains(err.Error(), "config.alloy:") {
				t.Errorf("got %v, want an error with its position and %q", err, c.wanted)
			}
		})
	}
}

func TestRenamesMetrics(t *testing.T) {
	got := string(rename([]byte("promtail_sent_entries_total{host=\"loki\"} 3\npromtail_read_lines_total 4\npromtail_build_info 1\n")))
	want := "loki_write_sent_entries_total{host=\"loki\"} 3\nloki_source_file_read_lines_total 4\npromtail_build_info 1\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
