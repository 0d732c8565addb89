package gentest

import (
	"fmt"
	"testing"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wire"
)

func TestSmoke(t *testing.T) {
	for _, body := range []string{
		`{"desc":{"data":[{"roomid":111,"accid":"abc","type":"administrator","level":2,"onlineStat":true,"joinTime":"1487145487971","Blocklisted":"TRUE","tempMuteTtl":"120","foo":{"a":1}}]},"code":200}`,
		`{"desc":"{\"data\":\"[{\\\"roomid\\\":111}]\"}","code":"200"}`,
		`{"code":414,"desc":"x"}`, `{"desc":{"data":[{"roomid":"x1"}]},"code":200}`, `<html>`, ``, `{"code":200}`, `{"code":200,"desc":{}}`, `{"code":200,"desc":{"data":null}}`,
		`{"desc":"{\"data\":\"[{\\\"roomid\\\":\\\"x\\\"}]\"}","code":"200"}`, `[]`, `{"desc":{}}`, `{"code":200,"desc":{"data":[]}} x`, `{"code":200,"desc":{"data":[}`,
	} {
		v, err := gen.DecodeListMembers([]byte(body))
		fmt.Printf("%s\n  %+v %v\n", body, v, err)
		if v != nil {
			for d := range wire.Text + 1 {
				fmt.Println("   ", string(v.AppendJSON(nil, d)))
			}
		}
	}
}
