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

// The service's clock is followed: the first request goes out twice.
$service = 1700000000;
$forms = [];
$http = new GuzzleHttp\Client(['handler' => Nimroom::handler('K', 'S', fn () => 1600000000, function ($request) use ($service, &$forms) {
    $forms[] = (string) $request->getBody();
    $good = $request->getHeaderLine('CurTime') === (string) $service;
    return GuzzleHttp\Promise\Create::promiseFor(new GuzzleHttp\Psr7\Response(
        200,
        ['Date' => gmdate('D, d M Y H:i:s', $service) . ' GMT'],
        $good ? '{"code":200}' : '{"code":414,"desc":"CurTime is expired"}'
    ));
})]);
for ($i = 0; $i < 2; $i++) {
    $response = $http->post('http://service.example/', ['form_params' => ['roomid' => 66]]);
    same((string) $response->getBody(), '{"code":200}', 'a response');
}
same($forms, ['roomid=66', 'roomid=66', 'roomid=66'], 'the requests');

// Of callbacks only the test vector passes.
require __DIR__ . '/Callbacks.php';
$callback = [
    'appkey' => 'K',
    'curtime' => '1440570500855',
    'md5' => '99914b932bd37a50b983c5e7c90ae93b',
    'checksum' => 'a883386354447cc0996f8abc5c1c700c076e34bb',
];
foreach ([
    ['the vector', [], '{}', 1440570500855, true],
    ['another body', [], '{ }', 1440570500855, false],
    ['a wrong sum', ['checksum' => str_repeat('0', 40)], '{}', 1440570500855, false],
    ['no sum', ['checksum' => ''], '{}', 1440570500855, false],
    ['another app', ['appkey' => 'L'], '{}', 1440570500855, false],
    ['an old time', [], '{}', 1440570900855, false],
    ['no number', ['curtime' => 'now'], '{}', 1440570500855, false],
] as [$what, $headers, $body, $now, $want]) {
    same(Callbacks::verify('K', 'secret123', array_merge($callback, $headers), $body, $now), $want, $what);
}
