package page

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCellsThatSpan(t *testing.T) {
	tests := map[string]struct{ html, want string }{
		"rows": {
			`<tr><th>name<th>type<th>text</tr><tr><td>a</td><td rowspan="2">String</td><td>A</td></tr><tr><td>b</td><td>B</td></tr><tr><td>c</td><td>int</td><td>C</td></tr>`,
			"name|type|text; a|String|A; b|String|B; c|int|C",
		},
		"the last column": {
			`<tr><td>a<td rowspan=3>x</tr><tr><td>b</tr><tr><td>c</tr><tr><td>d<td>y</tr>`,
			"a|x; b|x; c|x; d|y",
		},
		"columns":               {`<tr><td colspan="2">all</td><td>z</td></tr><tr><td>a<td>b<td>c</tr>`, "all||z; a|b|c"},
		"both":                  {`<tr><td rowspan="2" colspan="2">x</td><td>1</td></tr><tr><td>2</td></tr>`, "x||1; x||2"},
		"side by side":          {`<tr><td rowspan=2>x<td rowspan=2>y<td>1</tr><tr><td>2</tr>`, "x|y|1; x|y|2"},
		"beyond the table":      {`<tr><td rowspan="9">x</td><td>1</td></tr><tr><td>2</td></tr>`, "x|1; x|2"},
		"none, wrong, too many": {`<tr><td rowspan="0">a</td><td colspan="x">b</td><td colspan="-1">c</td></tr>`, "a|b|c"},
	}
	for name, tt := range tests {
		blocks := readHTML("<table>"+tt.html+"</table>", 1)
		require.Len(t, blocks, 1, name)
		var rows []string
		for _, row := range blocks[0].rows {
			rows = append(rows, strings.Join(row.cells, "|"))
		}
		assert.Equal(t, tt.want, strings.Join(rows, "; "), name)
	}
	wide := readHTML(`<table><tr><td colspan="1000000">`+strings.Repeat("x", 10*maxHanging)+`</td></tr></table>`, 1)
	assert.Len(t, wide[0].rows[0].cells, maxExtent)
}
