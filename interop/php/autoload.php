<?php

// Debian's packages of Guzzle, the client that build.sh made, and the hook.
// With Composer it is: composer require guzzlehttp/guzzle:^7.4 guzzlehttp/psr7:^2.4
require 'GuzzleHttp/autoload.php';
require 'GuzzleHttp/Psr7/autoload.php';
spl_autoload_register(function (string $class) {
    if (str_starts_with($class, 'YunxinChatroom\\')) {
        require __DIR__ . '/.build/client/lib/' . strtr(substr($class, strlen('YunxinChatroom\\')), '\\', '/') . '.php';
    }
});
require __DIR__ . '/Nimroom.php';

// What PHP complains of is an error, but for what a later version will complain of in libraries.
set_error_handler(
    fn ($level, $message, $file, $line) => throw new ErrorException($message, 0, $level, $file, $line),
    E_ALL & ~E_DEPRECATED
);
