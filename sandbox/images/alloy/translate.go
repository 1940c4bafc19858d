package main

import (
	"fmt"
	"slices"
	"strings"
)

// stages lists the stages of loki.process that we use and their attributes. Promtail knows them under the same names;
// one that takes its map or list directly is marked by flat.
var stages = map[string]struct {
	promtail   string
	attributes []string
	flat       string
}{
	"stage.docker":              {promtail: "docker"},
	"stage.json":                {promtail: "json", attributes: []string{"expressions", "source", "drop_malformed"}},
	"stage.regex":               {promtail: "regex", attributes: []string{"expression", "source"}},
	"stage.template":            {promtail: "template", attributes: []string{"source", "template"}},
	"stage.labels":              {promtail: "labels", flat: "values"},
	"stage.static_labels":       {promtail: "static_labels", flat: "values"},
	"stage.label_drop":          {promtail: "labeldrop", flat: "values"},
	"stage.structured_metadata": {promtail: "structured_metadata", flat: "values"},
	"stage.output":              {promtail: "output", attributes: []string{"source"}},
	"stage.timestamp":           {promtail: "timestamp", attributes: []string{"source", "format", "fallback_formats", "location", "action_on_failure"}},
	"stage.drop":                {promtail: "drop", attributes: []string{"source", "separator", "value", "expression", "older_than", "longer_than", "drop_counter_reason"}},
	"stage.match":               {promtail: "match", attributes: []string{"selector", "action", "pipeline_name", "drop_counter_reason"}},
}

// object is a YAML mapping of Promtail's configuration.
type object = map[string]any

// translate turns the part of Alloy's configuration that ships files to Loki into Promtail's. Everything else is refused
// by name: a setting that the sandbox silently ignored would first be missed on a real machine.
//
// positions is the file in which Promtail remembers how far it has read; listen is its own address and port.
func translate(body block, positions, host string, port int) (object, error) {
	t := translator{components: map[string]block{}}
	server := object{"http_listen_address": host, "http_listen_port": port, "grpc_listen_address": host, "grpc_listen_port": 0,
		// Promtail tells of every file it looks at on level info, which Alloy does on debug.
		"log_level": "warn"}
	for _, b := range body.blocks {
		switch b.name {
		case "logging":
			if err := b.allow("level", "format"); err != nil {
				return nil, err
			}
			if level, given := b.attributes["level"]; given {
				server["log_level"] = level
			}
		case "local.file_match", "loki.source.file", "loki.process", "loki.write":
			t.components[b.name+"."+b.label] = b
		default:
			return nil, b.refuse("component %s", b.name)
		}
	}
	if len(body.attributes) > 0 {
		return nil, fmt.Errorf("attributes outside a block are not supported in the sandbox: %v", keys(body.attributes))
	}

	var scrapes []object
	for _, b := range body.blocks {
		if b.name != "loki.source.file" {
			continue
		}
		scrape, err := t.scrape(b)
		if err != nil {
			return nil, err
		}
		scrapes = append(scrapes, scrape)
	}
	if len(scrapes) == 0 {
		return nil, fmt.Errorf("the configuration has no loki.source.file: nothing would be read")
	}
	return object{
		"server":         server,
		"positions":      object{"filename": positions},
		"clients":        t.clients,
		"scrape_configs": scrapes,
		// As Alloy does: a directory that appears later is found within the interval.
		"target_config": object{"sync_period": "10s"},
	}, nil
}

type translator struct {
	components map[string]block
	clients    []object
	written    []string
}

// find gives the component that a reference such as loki.write.default.receiver names.
func (t *translator) find(from block, value any, kinds []string, export string) (block, error) {
	ref, ok := value.(reference)
	name, found := strings.CutSuffix(string(ref), "."+export)
	if !ok || !found {
		return block{}, from.refuse("%v where a component's .%s belongs", value, export)
	}
	b, found := t.components[name]
	if !found || !slices.Contains(kinds, b.name) {
		return block{}, fmt.Errorf("%s: %s refers to %s, which is no %s of this configuration", from.position, from.name, ref, strings.Join(kinds, " or "))
	}
	return b, nil
}

func (t *translator) scrape(source block) (object, error) {
	if err := source.allow("targets", "forward_to", "tail_from_end"); err != nil {
		return nil, err
	}
	if source.attributes["tail_from_end"] == true {
		return nil, source.refuse("tail_from_end = true")
	}
	match, err := t.find(source, source.attributes["targets"], []string{"local.file_match"}, "targets")
	if err != nil {
		return nil, err
	}
	if err := match.allow("path_targets", "sync_period"); err != nil {
		return nil, err
	}
	var targets []object
	list, _ := match.attributes["path_targets"].([]any)
	for _, target := range list {
		labels, ok := target.(map[string]any)
		if !ok || labels["__path__"] == nil {
			return nil, fmt.Errorf("%s: each of path_targets needs a __path__", match.position)
		}
		targets = append(targets, object{"targets": []string{"localhost"}, "labels": labels})
	}
	pipeline, err := t.follow(source)
	if err != nil {
		return nil, err
	}
	return object{"job_name": source.label, "static_configs": targets, "pipeline_stages": pipeline}, nil
}

// follow walks forward_to until a loki.write and gives the stages passed on the way.
func (t *translator) follow(from block) ([]object, error) {
	receivers, _ := from.attributes["forward_to"].([]any)
	if len(receivers) != 1 {
		return nil, from.refuse("forward_to with %d receivers", len(receivers))
	}
	next, err := t.find(from, receivers[0], []string{"loki.process", "loki.write"}, "receiver")
	if err != nil {
		return nil, err
	}
	if next.name == "loki.write" {
		return []object{}, t.write(next)
	}
	if err := next.allow("forward_to"); err != nil {
		return nil, err
	}
	own, err := pipelineStages(next.blocks)
	if err != nil {
		return nil, err
	}
	rest, err := t.follow(next)
	return append(own, rest...), err
}

func (t *translator) write(b block) error {
	if slices.Contains(t.written, b.label) {
		return nil
	}
	t.written = append(t.written, b.label)
	if err := b.allow("external_labels"); err != nil {
		return err
	}
	for _, endpoint := range b.blocks {
		if endpoint.name != "endpoint" {
			return endpoint.refuse("block %s of loki.write", endpoint.name)
		}
		if err := endpoint.allow("url", "tenant_id", "batch_wait", "remote_timeout", "min_backoff_period", "max_backoff_period", "max_backoff_retries"); err != nil {
			return err
		}
		client, backoff := object{}, object{}
		for name, value := range endpoint.attributes {
			switch name {
			case "batch_wait":
				client["batchwait"] = value
			case "remote_timeout":
				client["timeout"] = value
			case "min_backoff_period":
				backoff["min_period"] = value
			case "max_backoff_period":
				backoff["max_period"] = value
			case "max_backoff_retries":
				backoff["max_retries"] = value
			default:
				client[name] = value
			}
		}
		if len(backoff) > 0 {
			client["backoff_config"] = backoff
		}
		if labels, given := b.attributes["external_labels"]; given {
			client["external_labels"] = labels
		}
		t.clients = append(t.clients, client)
	}
	return nil
}

func pipelineStages(blocks []block) ([]object, error) {
	list := []object{}
	for _, b := range blocks {
		stage, known := stages[b.name]
		if !known {
			return nil, b.refuse("stage %s", b.name)
		}
		if stage.flat != "" {
			if err := b.allow(stage.flat); err != nil {
				return nil, err
			}
			list = append(list, object{stage.promtail: b.attributes[stage.flat]})
			continue
		}
		if err := b.allow(stage.attributes...); err != nil {
			return nil, err
		}
		settings := object{}
		for name, value := range b.attributes {
			settings[name] = value
		}
		if b.name == "stage.match" {
			nested, err := pipelineStages(b.blocks)
			if err != nil {
				return nil, err
			}
			settings["stages"] = nested
		} else if len(b.blocks) > 0 {
			return nil, b.blocks[0].refuse("block %s in %s", b.blocks[0].name, b.name)
		}
		list = append(list, object{stage.promtail: settings})
	}
	return list, nil
}

// allow refuses attributes that the translation does not know, and references where a plain value belongs.
func (b block) allow(names ...string) error {
	for _, name := range keys(b.attributes) {
		if !slices.Contains(names, name) {
			return b.refuse("attribute %s of %s (known: %s)", name, b.name, strings.Join(names, ", "))
		}
		if _, isReference := b.attributes[name].(reference); isReference && name != "targets" {
			return b.refuse("%s = %v", name, b.attributes[name])
		}
	}
	return nil
}

func (b block) refuse(format string, args ...any) error {
	return fmt.Errorf("%s: %s: not supported by the sandbox's log agent, a translation to Promtail", b.position, fmt.Sprintf(format, args...))
}

func keys(attributes map[string]any) []string {
	names := make([]string, 0, len(attributes))
	for name := range attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
