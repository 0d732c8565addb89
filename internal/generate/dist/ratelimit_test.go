package dist

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRateLimitsInWords(t *testing.T) {
	for limit, want := range map[RateLimit][2]string{
		{100, 1, 10}: {
			"An app may call the operation 100 times a second. Beyond that, the service blocks it for 10 seconds (code 416).",
			"每个应用每秒最多可调用该操作 100 次。超出后服务在 10 秒内屏蔽该操作（状态码 416）。",
		},
		{1, 5, 60}: {
			"An app may call the operation once in 5 seconds. Beyond that, the service blocks it for a minute (code 416).",
			"每个应用每 5 秒最多可调用该操作 1 次。超出后服务在 1 分钟内屏蔽该操作（状态码 416）。",
		},
	} {
		assert.Equal(t, want, [2]string{limit.English(), limit.chinese()})
	}
}

// TestEveryOperationSaysItsRateLimit counts the sentences in the published files.
func TestEveryOperationSaysItsRateLimit(t *testing.T) {
	for name, own := range map[string]string{
		"openapi.json": "1200 times a minute.", "openapi.sdk.json": "1200 times a minute.",
		"openapi.zh-CN.json": "每分钟最多可调用该操作 1200 次。", "openapi.sdk.zh-CN.json": "每分钟最多可调用该操作 1200 次。",
	} {
		text := string(derived(t)[name])
		limits := strings.Count(text, "An app may call the operation ") + strings.Count(text, "最多可调用该操作 ")
		assert.Equal(t, strings.Count(text, `"x-idempotency"`), limits, name)
		assert.Equal(t, 1, strings.Count(text, own), name)
	}
}
