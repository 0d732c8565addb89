package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/spec"
)

// A language has the words of the tables.
type language struct {
	name                             string // as the variants of the spec have it
	operationsHead, clientsHead, and string
	repeats                          map[gen.Idempotency]string
}

var (
	english = language{
		name:           "en",
		operationsHead: "| path | operation | method of the client | sent twice | what it does |",
		clientsHead:    "| client | generator | scenarios | succeeded | API errors | not expressible |",
		and:            " and ",
		repeats:        map[gen.Idempotency]string{gen.Safe: "safe", gen.Idempotent: "idempotent", gen.Deduplicated: "deduplicated", gen.Unsafe: "unsafe"},
	}
	chinese = language{
		name:           "zh",
		operationsHead: "| 路径 | 操作 | 客户端方法 | 重复发送 | 作用 |",
		clientsHead:    "| 客户端 | 生成器 | 场景数 | 成功 | 返回错误 | 无法表达 |",
		and:            " 和 ",
		repeats:        map[gen.Idempotency]string{gen.Safe: "只读", gen.Idempotent: "幂等", gen.Deduplicated: "去重", gen.Unsafe: "不安全"},
	}
)

// operations returns the table of operations.
func (l language) operations() (string, error) {
	content, err := spec.Read(spec.Variant{Lang: l.name, Format: "json"})
	if err != nil {
		return "", err
	}
	var published struct {
		Paths map[string]struct {
			Post struct{ Summary string }
		}
	}
	if err := json.Unmarshal(content, &published); err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(l.operationsHead + "\n|---|---|---|---|---|\n")
	for _, o := range gen.Operations {
		fmt.Fprintf(&b, "| `%s` | `%s` | `%s` | %s | %s |\n",
			o.Path, o.ID, strings.Join(o.Methods, "`, `"), l.repeats[o.Idempotency], published.Paths[o.Path].Post.Summary)
	}
	return b.String(), nil
}

// clients returns the table of the clients in other languages.
func (l language) clients(clients []played) string {
	var b strings.Builder
	b.WriteString(l.clientsHead + "\n|---|---|---|---|---|---|\n")
	for _, c := range clients {
		generator := strings.ReplaceAll(c.Generator, english.and, l.and)
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d |\n", c.Name, generator, c.Scenarios, c.Succeeded, c.Failed, c.Inexpressible)
	}
	return b.String()
}
