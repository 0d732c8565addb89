<?php

require __DIR__ . '/autoload.php';

function same($got, $want, string $what): void
{
    if ($got !== $want) {
        fwrite(STDERR, "$what: got " . var_export($got, true) . ', want ' . var_export($want, true) . "\n");
        exit(1);
    }
}

same(
    Nimroom::checkSum('secret123', '4tgggergigwow323t23t', '1443592222'),
    '4c6f0fbc04efedd91685a226da081807de269350',
    'the signature of the test vector'
);

foreach ([
    [200, '{"code":200}', 200],
    [200, '{"code":404}', 404],
    [200, '{"code":13002}', 400],
    [200, '{"code":301}', 400],
    [502, '<html>', 502],
    [502, 'null', 502],
    [200, '{}', 200],
] as [$status, $body, $want]) {
    same(Nimroom::httpStatus($status, $body), $want, "$status $body");
}
