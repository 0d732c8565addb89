<?php

/** Verifies what the service sends to the app's own server. */
final class Callbacks
{
    /** How far CurTime may be off, in milliseconds. */
    private const WINDOW = 5 * 60 * 1000;

    /**
     * Whether the service sent a body, by its headers, whose names are in lower case. $now is in milliseconds.
     */
    public static function verify(string $appKey, string $appSecret, array $headers, string $body, int $now): bool
    {
        $md5 = md5($body); // of the body itself: the MD5 header proves nothing
        $curTime = $headers['curtime'] ?? '';
        if (($headers['appkey'] ?? '') !== $appKey || ($headers['md5'] ?? '') !== $md5) {
            return false;
        }
        if (!preg_match('/^[0-9]{1,18}\z/', $curTime) || abs($now - (int) $curTime) > self::WINDOW) {
            return false;
        }
        return hash_equals(sha1($appSecret . $md5 . $curTime), $headers['checksum'] ?? '');
    }
}
