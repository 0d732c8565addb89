"""Makes the calls that it reads, a line each, through the generated client. ../README.md has the format."""

import json
import os
import re
import sys

from pydantic import ValidationError

from nimroom import SignedClient
from yunxin_chatroom import (
    ApiException,
    Configuration,
    Error,
    MembersApi,
    MessagesApi,
    RobotsApi,
    RoomsApi,
    StatisticsApi,
    TagsApi,
)

clock = {"now": 0}
client = SignedClient(
    Configuration(host=os.environ["NIM_BASE_URL"], retries=False),
    os.environ["NIM_APP_KEY"],
    os.environ["NIM_APP_SECRET"],
    now=lambda: clock["now"],
)
rooms, members, messages = RoomsApi(client), MembersApi(client), MessagesApi(client)
robots, tags, statistics = RobotsApi(client), TagsApi(client), StatisticsApi(client)

METHODS = {
    "createChatroom": rooms.create_chatroom,
    "getChatroom": rooms.get_chatroom,
    "getChatrooms": rooms.get_chatrooms,
    "updateChatroom": rooms.update_chatroom,
    "toggleChatroom": rooms.toggle_chatroom,
    "setMemberRole": members.set_member_role,
    "requestAddress": rooms.request_address,
    "sendMessage": messages.send_message,
    "addRobots": robots.add_robots,
    "removeRobots": robots.remove_robots,
    "clearRobots": robots.clear_robots,
    "muteMember": members.mute_member,
    "muteChatroom": rooms.mute_chatroom,
    "listTopChatrooms": statistics.list_top_chatrooms,
    "listMembers": members.list_members,
    "getMembers": members.get_members,
    "listMembersByRole": members.list_members_by_role,
    "updateMember": members.update_member,
    "listUserChatrooms": rooms.list_user_chatrooms,
    "setEntryNotification": rooms.set_entry_notification,
    "muteTag": tags.mute_tag,
    "countTagMembers": tags.count_tag_members,
    "listTagMembers": tags.list_tag_members,
    "listTagMessages": tags.list_tag_messages,
    "updateMemberTags": tags.update_member_tags,
}


def argument(name, value):
    """Names are snake_case here; a list or an object is sent as its JSON text."""
    if isinstance(value, (list, dict)):
        value = json.dumps(value)
    return re.sub(r"([A-Z])", lambda m: "_" + m[1].lower(), name), value


def perform(request):
    clock["now"] = request["now"]
    arguments = dict(argument(*field) for field in request["form"].items())
    try:
        return {"response": json.loads(METHODS[request["operation"]](**arguments).to_json())}
    except ApiException as refusal:
        if not isinstance(refusal.data, Error):
            return {"status": refusal.status}
        return {"code": refusal.data.code, "desc": refusal.data.desc}
    except ValidationError as problem:  # the arguments; of an answer, it would be found out as something was sent
        first = problem.errors()[0]
        return {"inexpressible": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}


def main():
    for line in sys.stdin:
        try:
            reply = perform(json.loads(line))
        except Exception as problem:  # the other side counts it as a failure and shows it
            reply = {"error": repr(problem)}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
