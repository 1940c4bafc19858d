// Command alloy stands in for Grafana Alloy where Alloy cannot be built from packages: it translates the part of Alloy's
// configuration that ships container logs into Promtail's, runs Promtail, and answers on Alloy's port under Alloy's paths.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
)

// Promtail listens here, for this command only.
const (
	promtailHost = "127.0.0.1"
	promtailPort = 12346
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("alloy (sandbox): ")
	if err := run(os.Args[1:]); err != nil {
		var ended *exec.ExitError
		if errors.As(err, &ended) {
			os.Exit(ended.ExitCode())
		}
		log.Fatal(err)
	}
}

func run(args []string) error {
	if len(args) == 0 || args[0] != "run" {
		return fmt.Errorf("usage: alloy run [--server.http.listen-addr=host:port] [--storage.path=folder] config.alloy")
	}
	flags := flag.NewFlagSet("alloy run", flag.ContinueOnError)
	listen := flags.String("server.http.listen-addr", "127.0.0.1:12345", "where to serve /-/ready and /metrics")
	storage := flags.String("storage.path", "data-alloy", "folder for the positions in the log files")
	flags.Bool("disable-reporting", false, "accepted: the sandbox reports nothing to anyone")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("one configuration file is needed, %d were given", flags.NArg())
	}

	config, err := writeConfig(flags.Arg(0), *storage)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	promtail := exec.CommandContext(ctx, "promtail", "-config.file="+config)
	promtail.Stdout, promtail.Stderr = os.Stdout, os.Stderr
	// SIGTERM and not the default SIGKILL: Promtail then sends what it holds and writes its positions.
	promtail.Cancel = func() error { return promtail.Process.Signal(syscall.SIGTERM) }
	go func() { log.Fatal(serve(listener)) }()
	err = promtail.Run()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// writeConfig translates the Alloy configuration into a file of Promtail's in the storage folder.
func writeConfig(file, storage string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	body, err := parse(file, string(text))
	if err != nil {
		return "", err
	}
	config, err := translate(body, filepath.Join(storage, "positions.yml"), promtailHost, promtailPort)
	if err != nil {
		return "", err
	}
	// JSON is YAML.
	encoded, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(storage, 0o755); err != nil {
		return "", err
	}
	target := filepath.Join(storage, "promtail.yaml")
	return target, os.WriteFile(target, encoded, 0o644)
}
