<?php

/**
 * The hook that a client made by openapi-generator (php) needs: it signs each
 * request, and takes the HTTP status from the code in the body, so that an API
 * error is thrown as an ApiException with the Error as its response object.
 *
 *     $http = new GuzzleHttp\Client(['handler' => Nimroom::handler('app key', 'app secret')]);
 *     $rooms = new YunxinChatroom\Api\RoomsApi($http);
 *     try {
 *         $room = $rooms->getChatroom(roomid: 66)->getChatroom();
 *     } catch (YunxinChatroom\ApiException $e) {
 *         $error = $e->getResponseObject(); // getCode(), getDesc()
 *     }
 */

use GuzzleHttp\HandlerStack;
use GuzzleHttp\Middleware;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

final class Nimroom
{
    /** Guzzle's handler, signing. $now gives the time in seconds; correct it when the clock of this machine is off. */
    public static function handler(string $appKey, string $appSecret, ?callable $now = null): HandlerStack
    {
        $now ??= 'time';
        $stack = HandlerStack::create();
        $stack->push(Middleware::mapRequest(function (RequestInterface $request) use ($appKey, $appSecret, $now) {
            $nonce = bin2hex(random_bytes(16));
            $curTime = (string) $now();
            return $request
                ->withHeader('AppKey', $appKey)
                ->withHeader('Nonce', $nonce)
                ->withHeader('CurTime', $curTime)
                ->withHeader('CheckSum', self::checkSum($appSecret, $nonce, $curTime));
        }));
        $stack->push(Middleware::mapResponse(function (ResponseInterface $response) {
            $body = (string) $response->getBody();
            $response->getBody()->rewind();
            return $response->withStatus(self::httpStatus($response->getStatusCode(), $body));
        }));
        return $stack;
    }

    public static function checkSum(string $appSecret, string $nonce, string $curTime): string
    {
        return sha1($appSecret . $nonce . $curTime);
    }

    /** The status for a response: 400 for codes that are no HTTP status of an error, such as 13002. */
    public static function httpStatus(int $status, string $body): int
    {
        $response = json_decode($body);
        if (!isset($response->code) || $response->code === 200) {
            return $status; // a success, or the response of a gateway
        }
        return $response->code >= 400 && $response->code <= 599 ? $response->code : 400;
    }
}
