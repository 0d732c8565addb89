package dist

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

func TestFeaturesInWords(t *testing.T) {
	search, closing := Feature{Summary: "search", Desc: "no search"}, Feature{Summary: "closing", Desc: "no closing", Guess: "row 1"}
	assert.Equal(t, "The operation needs search, a feature that is enabled for the app in the vendor's console. Without it, the service returns code 403 (\"no search\").", search.English(""))
	assert.Equal(t, "A `policy` other than 0 needs closing, a feature that is enabled for the app in the vendor's console. Without it, the service returns code 403 (\"no closing\", unproven).", closing.English("policy"))
	assert.Equal(t, "该操作须在官方控制台为应用开通“search”功能；未开通时服务返回状态码 403（\"no search\"）。", search.chinese(""))
	assert.Equal(t, "`policy` 不为 0 时，须在官方控制台为应用开通“closing”功能；未开通时服务返回状态码 403（\"no closing\"，未经证实）。", closing.chinese("policy"))
}

// TestOperationsSayWhichFeatureTheyNeed looks at the published files, where a field needs a
// feature and where an operation does.
func TestOperationsSayWhichFeatureTheyNeed(t *testing.T) {
	for name, want := range map[string]string{"openapi.json": "feature that is enabled for the app", "openapi.sdk.zh-CN.json": "须在官方控制台为应用开通"} {
		var doc struct {
			Paths map[string]struct{ Post struct{ Description string } }
		}
		require.NoError(t, json.Unmarshal(derived(t)[name], &doc))
		for path, needs := range map[string]bool{"/chatroom/create.action": true, "/chatroom/broadcast.action": true, "/chatroom/get.action": false} {
			assert.Equal(t, needs, strings.Contains(doc.Paths[path].Post.Description, want), name+path)
		}
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
