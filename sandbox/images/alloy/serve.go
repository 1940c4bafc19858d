package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
)

// Alloy's names for what Promtail counts, so that the alerts' expressions match in the sandbox too.
var metricNames = []struct {
	promtail *regexp.Regexp
	alloy    string
}{
	{regexp.MustCompile(`\bpromtail_((?:sent|dropped|encoded)_(?:entries|bytes)_total|mutated_\w+|batch_retries_total|request_duration_seconds)`), "loki_write_$1"},
	{regexp.MustCompile(`\bpromtail_(read_lines_total|read_bytes_total|file_bytes_total|files_active_total)`), "loki_source_file_$1"},
}

// paths maps Alloy's paths to Promtail's.
var paths = map[string]string{"/-/ready": "/ready", "/-/healthy": "/ready", "/metrics": "/metrics"}

// serve answers on Alloy's port until it fails.
func serve(listener net.Listener) error {
	mux := http.NewServeMux()
	for path, behind := range paths {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			response, err := http.Get(fmt.Sprintf("http://%s:%d%s", promtailHost, promtailPort, behind))
			if err != nil {
				http.Error(w, err.Error(), http.StatusServiceUnavailable)
				return
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadGateway)
				return
			}
			w.Header().Set("Content-Type", response.Header.Get("Content-Type"))
			w.WriteHeader(response.StatusCode)
			w.Write(rename(body))
		})
	}
	return http.Serve(listener, mux)
}

func rename(metrics []byte) []byte {
	for _, name := range metricNames {
		metrics = name.promtail.ReplaceAll(metrics, []byte(name.alloy))
	}
	return metrics
}
