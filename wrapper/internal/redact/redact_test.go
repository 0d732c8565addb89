package redact_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/internal/redact"
)

const sum = "4c6f0fbc04efedd91685a226da081807de269350"

func secrets(t *testing.T) *redact.Secrets {
	t.Helper()
	credentials, err := sign.NewCredentials("a-key", "a-long-secret")
	require.NoError(t, err)
	return &redact.Secrets{Credentials: credentials, CheckSums: []string{sum}}
}

func TestTextAndBytes(t *testing.T) {
	s := secrets(t)
	assert.Equal(t, "REDACTED by REDACTED", s.Text(sum+" by a-long-secret"))
	clean, redacted := s.Bytes([]byte("sum=" + sum))
	assert.True(t, redacted)
	assert.Equal(t, "sum=REDACTED", string(clean))
	body := []byte("nothing")
	clean, redacted = s.Bytes(body)
	assert.False(t, redacted)
	assert.Same(t, &body[0], &clean[0])
}

// hiding is an error whose text leaves out what it wraps.
type hiding struct{ error }

func (hiding) Error() string   { return "failed" }
func (h hiding) Unwrap() error { return h.error }

func TestError(t *testing.T) {
	s := secrets(t)
	assert.NoError(t, s.Error(nil))
	assert.Equal(t, io.EOF, s.Error(io.EOF), "an error without a secret stays as it is")
	leaky := &net.OpError{Op: "read", Err: fmt.Errorf("after %s: %w", sum, io.EOF)}
	for name, err := range map[string]error{
		"its own text":   leaky,
		"what it wraps":  hiding{leaky},
		"one of several": hiding{errors.Join(io.ErrNoProgress, leaky)},
	} {
		clean := s.Error(err)
		assert.NotContains(t, clean.Error(), sum, name)
		assert.ErrorIs(t, clean, io.EOF, name)
		var op *net.OpError
		assert.NotErrorAs(t, clean, &op, "%s: it would hold the secret", name)
	}
}
