package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/scanner"
)

// block is one `name "label" { … }` of an Alloy configuration.
type block struct {
	name       string // with its dots: "loki.source.file"
	label      string
	position   scanner.Position
	attributes map[string]any // string, float64, bool, nil, []any, map[string]any, reference
	blocks     []block
}

// reference is another component's export: `loki.write.default.receiver`.
type reference string

// parser reads the declarative core of Alloy's syntax: blocks, attributes, literals, lists, objects and references.
// Operators and function calls are refused.
type parser struct {
	scanner.Scanner
	token rune
}

// syntaxError unwinds the parser; parse turns it into an ordinary error.
type syntaxError struct{ error }

func parse(file, text string) (body block, err error) {
	p := &parser{}
	p.Init(strings.NewReader(text))
	p.Filename = file
	p.Error = func(s *scanner.Scanner, message string) { p.fail("%s", message) }
	defer func() {
		if failure := recover(); failure != nil {
			known, ok := failure.(syntaxError)
			if !ok {
				panic(failure)
			}
			err = known.error
		}
	}()
	p.next()
	body = p.body(scanner.EOF)
	return body, nil
}

func (p *parser) next() { p.token = p.Scan() }

func (p *parser) fail(format string, args ...any) {
	panic(syntaxError{fmt.Errorf("%s: %s", p.Position, fmt.Sprintf(format, args...))})
}

func (p *parser) expect(token rune) string {
	if p.token != token {
		p.fail("found %s, expected %s", scanner.TokenString(p.token), scanner.TokenString(token))
	}
	text := p.TokenText()
	p.next()
	return text
}

func (p *parser) path() string {
	path := p.expect(scanner.Ident)
	for p.token == '.' {
		p.next()
		path += "." + p.expect(scanner.Ident)
	}
	return path
}

// body reads attributes and blocks up to the closing token, which it leaves.
func (p *parser) body(end rune) block {
	b := block{attributes: map[string]any{}}
	for p.token != end {
		position := p.Position
		name := p.path()
		if p.token == '=' {
			p.next()
			if _, twice := b.attributes[name]; twice {
				p.fail("attribute %s is set twice", name)
			}
			b.attributes[name] = p.value()
			continue
		}
		label := ""
		if p.token == scanner.String {
			label = p.text()
		}
		p.expect('{')
		child := p.body('}')
		p.expect('}')
		child.name, child.label, child.position = name, label, position
		b.blocks = append(b.blocks, child)
	}
	return b
}

func (p *parser) text() string {
	text, err := strconv.Unquote(p.TokenText())
	if err != nil {
		p.fail("%s is no string: %v", p.TokenText(), err)
	}
	p.next()
	return text
}

func (p *parser) value() any {
	switch p.token {
	case scanner.String, scanner.RawString:
		return p.text()
	case '-':
		p.next()
		return -p.number()
	case scanner.Int, scanner.Float:
		return p.number()
	case '[':
		return p.list()
	case '{':
		return p.object()
	case scanner.Ident:
		return p.named()
	}
	p.fail("found %s, expected a value", scanner.TokenString(p.token))
	return nil
}

func (p *parser) number() float64 {
	number, err := strconv.ParseFloat(p.TokenText(), 64)
	if err != nil {
		p.fail("%s is no number", p.TokenText())
	}
	p.next()
	return number
}

func (p *parser) named() any {
	name := p.path()
	if p.token == '(' {
		p.fail("%s(…): functions are not supported in the sandbox", name)
	}
	switch name {
	case "true", "false":
		return name == "true"
	case "null":
		return nil
	}
	return reference(name)
}

func (p *parser) list() []any {
	list := []any{}
	for p.next(); p.token != ']'; {
		list = append(list, p.value())
		if p.token != ']' {
			p.expect(',')
		}
	}
	p.next()
	return list
}

func (p *parser) object() map[string]any {
	object := map[string]any{}
	for p.next(); p.token != '}'; {
		var key string
		if p.token == scanner.String {
			key = p.text()
		} else {
			key = p.expect(scanner.Ident)
		}
		p.expect('=')
		object[key] = p.value()
		if p.token == ',' {
			p.next()
		}
	}
	p.next()
	return object
}
