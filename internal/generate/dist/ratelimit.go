package dist

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// RateLimit is the value of x-rate-limit: an app may make so many calls in so many seconds,
// and beyond that the service blocks further ones for Block seconds.
type RateLimit struct{ Calls, Seconds, Block int }

// English describes the limit in a sentence or two.
func (l RateLimit) English() string {
	return fmt.Sprintf("An app may call the operation %s. Beyond that, the service blocks it for %s (code 416).",
		times(l.Calls)+span(l.Seconds, " a second", " a minute", " in %d seconds"), span(l.Block, "a second", "a minute", "%d seconds"))
}

func (l RateLimit) chinese() string {
	return fmt.Sprintf("每个应用%s最多可调用该操作 %d 次。超出后服务在 %s内屏蔽该操作（状态码 416）。",
		span(l.Seconds, "每秒", "每分钟", "每 %d 秒"), l.Calls, span(l.Block, "1 秒", "1 分钟", "%d 秒"))
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// span returns the words for a time: those of a second, of a minute, or of any other number
// of seconds.
func span(seconds int, second, minute, other string) string {
	switch seconds {
	case 1:
		return second
	case 60:
		return minute
	}
	return fmt.Sprintf(other, seconds)
}

// describeAccess adds the features that an operation needs, and its rate limit, to its
// description.
func describeAccess(root *yaml.Node, words phrases) error {
	var base RateLimit
	if limit := get(root, "x-rate-limit"); limit != nil {
		if err := limit.Decode(&base); err != nil {
			return err
		}
	}
	for path, item := range pairs(get(root, "paths")) {
		op, limit := get(item, "post"), base
		if own := get(op, "x-rate-limit"); own != nil {
			if err := own.Decode(&limit); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		sentences, err := needed(root, op, words)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if limit != (RateLimit{}) {
			sentences = append(sentences, words.rateLimit(limit))
		}
		for _, sentence := range sentences {
			paragraph(op, sentence)
		}
	}
	return nil
}
