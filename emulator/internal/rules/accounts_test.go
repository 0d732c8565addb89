package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// wire-facts: Per operation, user/create.action.
func TestAnAccountIsCreatedOnce(t *testing.T) {
	for _, mode := range []emulator.Accounts{emulator.OpenAccounts, emulator.StrictAccounts} {
		srv := emulator.Start(t, emulator.WithAccounts(mode))
		srv.AddAccounts("there")
		for _, tt := range []struct{ name, form, want string }{
			{"all fields", "accid=lisi&name=Li+Si&token=secret-1&ex=%7B%7D&gender=1", `{"info":{"accid":"lisi","name":"Li Si","token":"secret-1"},"code":200}`},
			{"accid alone", "accid=wangwu", `{"info":{"accid":"wangwu","name":"","token":"f5e4afaf7d0f0c39fdd453184e3a416f"},"code":200}`},
			{"again", "accid=lisi", `{"code":414,"desc":"already register"}`},
			{"from the control plane", "accid=there", `{"code":414,"desc":"already register"}`},
			{"in other letters", "accid=LISI", `{"code":414,"desc":"already register"}`},
			{"another alphabet", "accid=li+si", `{"code":414,"desc":"accid: li si, want letters, digits and _ @ . -"}`},
			{"no accid", "name=n", `{"code":414,"desc":"accid is empty"}`},
			{"the longest accid", "accid=" + strings.Repeat("a", 32), `{"info":{"accid":"` + strings.Repeat("a", 32) + `","name":"","token":"4803b3f8268778fa10608cc9d377de1b"},"code":200}`},
			{"too long an accid", "accid=" + strings.Repeat("a", 33), `{"code":414,"desc":"accid: 33 characters, at most 32"}`},
		} {
			if _, body := emutest.Post(t, srv, emutest.CreateUserPath, tt.form); body != tt.want {
				t.Errorf("%s, %s: %s, want %s", mode, tt.name, body, tt.want)
			}
		}
		if entry := srv.Requests("user/create")[0]; entry.OperationID != "createAccount" || entry.Form["gender"] != "1" || len(entry.Unknown) != 0 {
			t.Errorf("logged as %+v", entry)
		}
	}
}

func TestUnderStrictAccountsOnlyThoseCreatedExist(t *testing.T) {
	srv := emulator.Start(t, emulator.WithAccounts(emulator.StrictAccounts))
	form := gen.CreateChatroomForm{Creator: "lisi", Name: "n"}
	emutest.WantCode(t, srv, gen.CreateChatroomEndpoint, form, gen.CodeBadParameter)
	if code, body := emutest.Post(t, srv, emutest.CreateUserPath, "accid=lisi"); code != gen.CodeOK {
		t.Fatal(body)
	}
	emutest.Get(t, srv, gen.CreateChatroomEndpoint, form)
	srv.Reset()
	emutest.WantCode(t, srv, gen.CreateChatroomEndpoint, form, gen.CodeBadParameter)
	if code, body := emutest.Post(t, srv, emutest.CreateUserPath, "accid=lisi"); code != gen.CodeOK {
		t.Errorf("after reset: %s", body)
	}
}

func TestCreatingAnAccountIsAnOperationLikeTheOthers(t *testing.T) {
	srv := emulator.Start(t, emulator.WithRate(1), emulator.WithStrict(true))
	if code, body := emutest.Send(t, emutest.Request(t, srv, "POST", emutest.CreateUserPath, "accid=lisi")); code != gen.CodeBadParameter || !strings.Contains(body, "AppKey is empty") {
		t.Errorf("unsigned: %s", body)
	}
	code, body := emutest.Post(t, srv, emutest.CreateUserPath, "accid=lisi&color=red")
	emutest.WantDesc(t, code, body, gen.CodeBadParameter, "color: unknown field")
	if code, _ := emutest.Post(t, srv, emutest.CreateUserPath, "accid=lisi"); code != gen.CodeRateLimited {
		t.Errorf("over the rate: %d", code)
	}
	srv.Reset()
	emutest.AddFault(t, srv, emulator.Fault{Operation: "createAccount", Kind: emulator.FaultCode, Code: 500, Phase: emulator.FaultAfter})
	if got := emutest.Seen(t, srv, emutest.CreateUserPath, "accid=lisi"); got != "500" {
		t.Errorf("seen %s", got)
	}
	_, body = emutest.Post(t, srv, "/user/craete.action", "")
	if !strings.Contains(body, "the nearest operation is /user/create.action") {
		t.Error(body)
	}
}

func TestAnAccountInTheTextDialect(t *testing.T) {
	srv := emulator.Start(t, emulator.WithDialect(wire.Text))
	want := `{"info":"{\"accid\":\"lisi\",\"name\":\"\",\"token\":\"t\"}","code":200}`
	if _, body := emutest.Post(t, srv, emutest.CreateUserPath, "accid=lisi&token=t"); body != want {
		t.Errorf("%s, want %s", body, want)
	}
}

// wire-facts: Per operation, user/create.action: an accid is lower-cased, and
// its name is what members and messages show.
func TestAnAccountIsOneInEitherCase(t *testing.T) {
	srv := emulator.Start(t, emulator.WithAccounts(emulator.StrictAccounts))
	for _, accid := range []string{"ZhangSan", "LiSi", "Robot"} {
		emutest.Post(t, srv, emutest.CreateUserPath, "accid="+accid+"&name=Mr+"+accid+"&icon=i")
	}
	id := emutest.Get(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: "ZHANGSAN", Name: "n"}).Chatroom.RoomID
	emutest.Join(t, srv, id, "LISI")
	stream := emutest.Watch(t, srv, id, "LiSi")
	room := fmt.Sprintf("roomid=%d&", id)
	for _, tt := range []struct{ path, form, want string }{
		{"/chatroom/setMemberRole.action", "operator=ZHANGSAN&target=LiSI&opt=2&optvalue=true", `"accid":"lisi","type":"COMMON"`},
		{"/chatroom/addRobot.action", `accids=["ROBOT","robot"]`, `"successAccids":"[\"robot\"]"`},
		{"/chatroom/queryMembers.action", `accids=["ROBOT","lISI"]`, `"nick":"Mr Robot","avator":"i"`},
		{"/chatroom/sendMsg.action", "msgId=1&fromAccid=ZHANGsan&msgType=0&attach=hi", `"fromNick":"Mr ZhangSan"`},
		{"/chatroom/updateMyRoomRole.action", "accid=LISI&nick=Li&needNotify=true", `"code":200`},
	} {
		if _, body := emutest.Post(t, srv, tt.path, room+tt.form); !strings.Contains(body, tt.want) {
			t.Errorf("%s: %s, want %s", tt.path, body, tt.want)
		}
	}
	if n := len(stream.Pending()); n != 4 {
		t.Errorf("%d events", n)
	}
	if err := srv.Leave(id, "LIsi"); err != nil {
		t.Error(err)
	}
	text, err := srv.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	other := emulator.Start(t, emulator.WithAccounts(emulator.StrictAccounts))
	if err := other.Restore(text); err != nil {
		t.Fatal(err)
	}
	emutest.Join(t, other, id, "lisi")
	if _, body := emutest.Post(t, other, "/chatroom/queryMembers.action", room+`accids=["lisi"]`); !strings.Contains(body, `"nick":"Mr LiSi"`) {
		t.Errorf("after a restore: %s", body)
	}
}
