package service

import (
	"bufio"
	"context"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
)

// BenchmarkStart measures the time until the first successful health check. It starts a
// server in this process, and the program with its state in memory and in a new directory.
func BenchmarkStart(b *testing.B) {
	b.Run("package", func(b *testing.B) {
		started(b, func() {
			srv := emulator.Start(b)
			healthy(b, strings.TrimSuffix(srv.URL, "/nimserver"))
		})
	})
	program := filepath.Join(b.TempDir(), "nimroom")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, "github.com/nimroom/nimroom/cmd/nimroom").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	b.Run("program", func(b *testing.B) {
		started(b, func() { startProgram(b, program) })
	})
	b.Run("program-data", func(b *testing.B) {
		started(b, func() { startProgram(b, program, "--data", b.TempDir()) })
	})
}

// started reports the median and the longest time of at least ten starts.
func started(b *testing.B, start func()) {
	b.Helper()
	var times []float64
	for b.Loop() {
		for range 10 {
			begin := time.Now()
			start()
			times = append(times, float64(time.Since(begin).Microseconds())/1000)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(times), "ms-median")
	b.ReportMetric(times[len(times)-1], "ms-longest") // median has sorted them
}

// startProgram starts the program, waits until it is healthy, and kills it.
func startProgram(b *testing.B, program string, args ...string) {
	b.Helper()
	ctx, kill := context.WithCancel(b.Context())
	command := exec.CommandContext(ctx, program, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	out, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	root := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(first), "nimroom emulator: "), "/nimserver")
	healthy(b, root)
	kill()
	_ = command.Wait() // the error says only that the program was killed
}

// healthy checks the health of the emulator at root.
func healthy(b *testing.B, root string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, root+"/_emulator/health", nil)
	if err != nil {
		b.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		b.Fatal(resp.StatusCode, err)
	}
}
