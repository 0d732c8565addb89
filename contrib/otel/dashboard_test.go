package nimotel

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/nimroom/nimroom/gen"
)

// dashboard is what the tests read of dashboard.json.
type dashboard struct {
	Templating struct {
		List []struct {
			Name  string
			Query json.RawMessage
		}
	}
	Panels []struct {
		ID          int
		Title       string
		Description string
		GridPos     struct{ X, Y, W, H int }
		Targets     []struct{ RefID, Expr string }
	}
}

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	text, err := os.ReadFile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// expressions returns those of the dashboard, with values in place of Grafana's variables.
func (d dashboard) expressions() (list []string) {
	for _, panel := range d.Panels {
		for _, target := range panel.Targets {
			list = append(list, strings.NewReplacer("$__rate_interval", "5m", "$__range", "1h", "$job", ".*").Replace(target.Expr))
		}
	}
	return list
}

// promtool runs Prometheus's own checker.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: promtool may not be installed")
	}
	program, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is not installed: apt-get install prometheus, or go test -short")
	}
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestAlertsFire(t *testing.T) {
	promtool(t, "check", "rules", "alerts.yaml")
	promtool(t, "test", "rules", "alerts_test.yaml")
}

// TestTheDashboardsQueriesAreValid gives each query to promtool as a rule.
func TestTheDashboardsQueriesAreValid(t *testing.T) {
	var rules strings.Builder
	rules.WriteString("groups: [{name: dashboard, rules: [\n")
	for i, expr := range readDashboard(t).expressions() {
		quoted, err := json.Marshal(expr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&rules, "{record: 'panel:query_%d', expr: %s},\n", i, quoted)
	}
	rules.WriteString("]}]\n")
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, []byte(rules.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "rules", file)
}

// TestQueriesNameWhatIsReported compares the names in dashboard and alerts with those that
// Prometheus gives to the metrics of a client.
func TestQueriesNameWhatIsReported(t *testing.T) {
	alerts, err := os.ReadFile("alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d := readDashboard(t)
	texts := append(d.expressions(), string(alerts))
	for _, variable := range d.Templating.List {
		texts = append(texts, string(variable.Query))
	}
	queries := strings.Join(texts, "\n")
	metrics, labels := reported(t)
	for _, name := range regexp.MustCompile(`\b(?:rpc_client|nim_client)_\w+`).FindAllString(queries, -1) {
		if !slices.Contains(metrics, name) {
			t.Errorf("metric %s, there are %v", name, metrics)
		}
	}
	labels = append(labels, "job", "le") // of Prometheus
	for _, list := range regexp.MustCompile(`\{([^{}]*=[^{}]*)\}|by \(([^)]*)\)`).FindAllStringSubmatch(queries, -1) {
		for name := range strings.SplitSeq(list[1]+list[2], ",") {
			name = strings.TrimSpace(name)
			if end := strings.IndexAny(name, "!="); end > 0 {
				name = name[:end]
			}
			if !slices.Contains(labels, name) {
				t.Errorf("label %q, there are %v", name, labels)
			}
		}
	}
	for _, list := range regexp.MustCompile(`error_type=~"([a-z_|]+)"`).FindAllStringSubmatch(queries, -1) {
		for name := range strings.SplitSeq(list[1], "|") {
			if name != "outcome_unknown" && !slices.ContainsFunc(kinds, func(k struct {
				err  error
				name string
			}) bool {
				return k.name == name
			}) {
				t.Errorf("error_type %s: no call fails with it", name)
			}
		}
	}
}

// reported returns the names that metrics and labels of a client have in Prometheus.
func reported(t *testing.T) (metrics, labels []string) {
	t.Helper()
	c := collect(t)
	client, _ := c.client(t, busy, missing)
	if _, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 66}); err == nil {
		t.Fatal("no error")
	}
	namer, labelNamer := otlptranslator.MetricNamer{WithMetricSuffixes: true}, otlptranslator.LabelNamer{}
	add := func(m metricdata.Metrics, kind otlptranslator.MetricType, set attribute.Set, suffixes ...string) {
		name, err := namer.Build(otlptranslator.Metric{Name: m.Name, Unit: m.Unit, Type: kind})
		if err != nil {
			t.Fatal(err)
		}
		for _, suffix := range suffixes {
			metrics = append(metrics, name+suffix)
		}
		for _, a := range set.ToSlice() {
			label, err := labelNamer.Build(string(a.Key))
			if err != nil {
				t.Fatal(err)
			}
			labels = append(labels, label)
		}
	}
	for _, m := range c.metrics(t) {
		switch data := m.Data.(type) {
		case metricdata.Histogram[float64]:
			for _, point := range data.DataPoints {
				add(m, otlptranslator.MetricTypeHistogram, point.Attributes, "_bucket", "_count", "_sum")
			}
		case metricdata.Sum[int64]:
			for _, point := range data.DataPoints {
				add(m, otlptranslator.MetricTypeMonotonicCounter, point.Attributes, "")
			}
		default:
			t.Errorf("%s is a %T", m.Name, data)
		}
	}
	return metrics, labels
}

// TestTheAlertAboutTheQuotaKnowsEveryQuota: an operation with a quota of its own has a line.
func TestTheAlertAboutTheQuotaKnowsEveryQuota(t *testing.T) {
	alerts, err := os.ReadFile("alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var own []string
	for _, operation := range gen.Operations {
		if limit := operation.RateLimit; limit != nil {
			own = append(own, operation.ID)
			line := fmt.Sprintf(`rpc_method="%s"}[5m])) > 0.85 * %d / %d`, operation.ID, limit.Calls, int(limit.Per/time.Second))
			if !strings.Contains(string(alerts), line) {
				t.Errorf("alerts.yaml has no line with %s", line)
			}
		}
	}
	slices.Sort(own)
	if others := fmt.Sprintf(`rpc_method!~"%s"`, strings.Join(own, "|")); !strings.Contains(string(alerts), others) {
		t.Errorf("alerts.yaml does not leave these out of the common quota: %s", others)
	}
}

// TestPanelsDoNotOverlap: each has a title, a description and a place of its own.
func TestPanelsDoNotOverlap(t *testing.T) {
	taken := map[[2]int]string{}
	ids := map[int]bool{}
	for _, panel := range readDashboard(t).Panels {
		if panel.Title == "" || panel.Description == "" || len(panel.Targets) == 0 || ids[panel.ID] || panel.GridPos.X+panel.GridPos.W > 24 {
			t.Errorf("panel %d %q", panel.ID, panel.Title)
		}
		ids[panel.ID] = true
		for x := range panel.GridPos.W {
			for y := range panel.GridPos.H {
				at := [2]int{panel.GridPos.X + x, panel.GridPos.Y + y}
				if taken[at] != "" {
					t.Fatalf("%q covers %q", panel.Title, taken[at])
				}
				taken[at] = panel.Title
			}
		}
	}
}
