package message_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/message"
)

func TestAnErrorKeepsItsPartsAndItsCauses(t *testing.T) {
	inner := message.Errorf("%d bytes: %w", 3, io.ErrUnexpectedEOF)
	err := fmt.Errorf("outside: %w", message.Errorf("%v; %w", message.Of("file %q", "a"), inner))
	require.EqualError(t, err, `outside: file "a"; 3 bytes: unexpected EOF`)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	var said *message.Error
	require.ErrorAs(t, err, &said)
	assert.Equal(t, "%v; %w", said.Format)
	assert.Len(t, said.Args, 2)
}
