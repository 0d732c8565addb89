package wrapper

import "github.com/nimroom/nimroom/tagexpr"

// TagExpr selects members by their tags, for the fields called NotifyTargetTags:
//
//	vip := wrapper.Tag("vip").And(wrapper.Tag("zh").Or(wrapper.Tag("en")))
//	message.NotifyTargetTags = wrapper.Ptr(vip)
//	// {"tag":"vip"} and ({"tag":"zh"} or {"tag":"en"})
//
// See [tagexpr.Expr].
//
// Source: zh-tags-2024-03-15, "修改聊天室用户标签".
type TagExpr = tagexpr.Expr

// Tag returns the expression that selects the members that have a tag, see [tagexpr.Tag].
func Tag(name string) TagExpr { return tagexpr.Tag(name) }

// ParseTagExpr reads an expression, see [tagexpr.Parse].
func ParseTagExpr(text string) (TagExpr, error) { return tagexpr.Parse(text) }
