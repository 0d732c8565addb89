<?php

/**
 * The hook that a client made by openapi-generator (php) needs: it signs each
 * request by the service's clock, and takes the HTTP status from the code in the
 * body, so that an API error is thrown as an ApiException with the Error as its
 * response object.
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
    /**
     * Guzzle's handler, signing. A request whose time is rejected, which the service then has not carried out, is sent
     * once more, by the time in Date. $now gives the time in seconds; $base sends requests in place of Guzzle.
     */
    public static function handler(string $appKey, string $appSecret, ?callable $now = null, ?callable $base = null): HandlerStack
    {
        $now ??= 'time';
        $ahead = 0; // the service's clock before ours, in seconds
        $stack = HandlerStack::create($base);
        $stack->push(fn (callable $next) => function (RequestInterface $request, array $options) use ($next, $appKey, $appSecret, $now, &$ahead) {
            $send = function () use ($next, $request, $options, $appKey, $appSecret, $now, &$ahead) {
                $nonce = bin2hex(random_bytes(16));
                $curTime = (string) ($now() + $ahead);
                return $next($request
                    ->withHeader('AppKey', $appKey)
                    ->withHeader('Nonce', $nonce)
                    ->withHeader('CurTime', $curTime)
                    ->withHeader('CheckSum', self::checkSum($appSecret, $nonce, $curTime)), $options);
            };
            return $send()->then(function (ResponseInterface $response) use ($request, $send, $now, &$ahead) {
                $date = strtotime($response->getHeaderLine('Date'));
                if (!$date || !self::expired((string) $response->getBody())) {
                    $response->getBody()->rewind();
                    return $response;
                }
                $ahead = $date - $now();
                $request->getBody()->rewind();
                return $send();
            });
        });
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

    /** Whether the service rejected the time of a request. */
    public static function expired(string $body): bool
    {
        $response = json_decode($body);
        return ($response->code ?? 0) === 414 && ($response->desc ?? '') === 'CurTime is expired';
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
