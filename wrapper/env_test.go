package wrapper_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

func TestFromEnv(t *testing.T) {
	t.Setenv(wrapper.EnvAppKey, "a-key")
	t.Setenv(wrapper.EnvAppSecret, "")
	t.Setenv(wrapper.EnvBaseURL, "")
	_, err := wrapper.FromEnv()
	require.ErrorIs(t, err, sign.ErrCredentials)
	require.ErrorContains(t, err, "NIM_APP_KEY and NIM_APP_SECRET")

	t.Setenv(wrapper.EnvAppSecret, "a-secret")
	client, err := wrapper.FromEnv()
	require.NoError(t, err)
	assert.Contains(t, client.String(), "app a-key at "+wrapper.DefaultBaseURL)

	t.Setenv(wrapper.EnvBaseURL, "http://h/nimserver")
	var sent *http.Request
	client, err = wrapper.FromEnv(wrapper.WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		sent = r
		return respond(r, 200, okRoom), nil
	})}))
	require.NoError(t, err)
	require.NoError(t, get(t, client))
	assert.Equal(t, "http://h/nimserver/chatroom/get.action", sent.URL.String())
	assert.Equal(t, "a-key", sent.Header.Get("AppKey"))

	client, err = wrapper.FromEnv(wrapper.WithBaseURL("http://other"))
	require.NoError(t, err)
	assert.Contains(t, client.String(), "http://other", "an option wins over the environment")

	t.Setenv(wrapper.EnvBaseURL, "ftp://h")
	_, err = wrapper.FromEnv()
	assert.ErrorContains(t, err, "http or https")
}
