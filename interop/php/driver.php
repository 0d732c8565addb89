<?php

// Makes the calls that it reads, a line each, through the generated client. ../README.md has the format.

use YunxinChatroom\Api;
use YunxinChatroom\ApiException;
use YunxinChatroom\Configuration;
use YunxinChatroom\ObjectSerializer;

require __DIR__ . '/autoload.php';

$now = 0;
$http = new GuzzleHttp\Client([
    'handler' => Nimroom::handler(getenv('NIM_APP_KEY'), getenv('NIM_APP_SECRET'), function () use (&$now) {
        return $now;
    }),
]);
$config = (new Configuration())->setHost(getenv('NIM_BASE_URL'));
$rooms = new Api\RoomsApi($http, $config);
$members = new Api\MembersApi($http, $config);
$messages = new Api\MessagesApi($http, $config);
$robots = new Api\RobotsApi($http, $config);
$tags = new Api\TagsApi($http, $config);
$statistics = new Api\StatisticsApi($http, $config);

$methods = [
    'createChatroom' => $rooms->createChatroom(...),
    'getChatroom' => $rooms->getChatroom(...),
    'getChatrooms' => $rooms->getChatrooms(...),
    'updateChatroom' => $rooms->updateChatroom(...),
    'toggleChatroom' => $rooms->toggleChatroom(...),
    'setMemberRole' => $members->setMemberRole(...),
    'requestAddress' => $rooms->requestAddress(...),
    'sendMessage' => $messages->sendMessage(...),
    'addRobots' => $robots->addRobots(...),
    'removeRobots' => $robots->removeRobots(...),
    'clearRobots' => $robots->clearRobots(...),
    'muteMember' => $members->muteMember(...),
    'muteChatroom' => $rooms->muteChatroom(...),
    'listTopChatrooms' => $statistics->listTopChatrooms(...),
    'listMembers' => $members->listMembers(...),
    'getMembers' => $members->getMembers(...),
    'listMembersByRole' => $members->listMembersByRole(...),
    'updateMember' => $members->updateMember(...),
    'listUserChatrooms' => $rooms->listUserChatrooms(...),
    'setEntryNotification' => $rooms->setEntryNotification(...),
    'muteTag' => $tags->muteTag(...),
    'countTagMembers' => $tags->countTagMembers(...),
    'listTagMembers' => $tags->listTagMembers(...),
    'listTagMessages' => $tags->listTagMessages(...),
    'updateMemberTags' => $tags->updateMemberTags(...),
];

/** Names are snake_case here; a list or an object is sent as its JSON text. */
function arguments(stdClass $form): array
{
    $arguments = [];
    foreach (get_object_vars($form) as $name => $value) {
        $name = preg_replace_callback('/[A-Z]/', fn ($m) => '_' . strtolower($m[0]), $name);
        $arguments[$name] = is_array($value) || is_object($value) ? json_encode($value) : $value;
    }
    return $arguments;
}

function perform(callable $method, array $arguments): array
{
    try {
        return ['response' => ObjectSerializer::sanitizeForSerialization($method(...$arguments))];
    } catch (ApiException $e) {
        $refusal = $e->getResponseObject();
        if ($refusal?->getCode() === null) {
            return ['status' => $e->getCode()];
        }
        return ['code' => $refusal->getCode(), 'desc' => $refusal->getDesc()];
    } catch (ArgumentCountError | InvalidArgumentException $e) { // of an answer, it would be found out as something was sent
        return ['inexpressible' => $e->getMessage()];
    } catch (Error $e) {
        $unknown = str_starts_with($e->getMessage(), 'Unknown named parameter');
        return [$unknown ? 'inexpressible' : 'error' => $e->getMessage()];
    } catch (Exception $e) {
        return ['error' => (string) $e];
    }
}

while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line);
    $now = $request->now;
    echo json_encode(perform($methods[$request->operation], arguments($request->form))), "\n";
}
