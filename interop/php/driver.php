<?php

// Reads calls, one from each line, and makes them through the generated client. ../README.md describes the format.

use YunxinChatroom\ApiException;
use YunxinChatroom\Configuration;
use YunxinChatroom\ObjectSerializer;

require __DIR__ . '/autoload.php';

/** The generated methods, by the ids of their operations. */
function methods(GuzzleHttp\Client $http, Configuration $config): array
{
    $methods = [];
    foreach (glob(__DIR__ . '/.build/client/lib/Api/*Api.php') as $file) {
        $class = 'YunxinChatroom\\Api\\' . basename($file, '.php');
        $api = new $class($http, $config);
        foreach (get_class_methods($api) as $name) {
            $methods[$name] = $api->$name(...);
        }
    }
    return $methods;
}

/** The fields of a form as arguments, named in snake_case. A list or an object is sent as its JSON text. */
function arguments(stdClass $form): array
{
    $arguments = [];
    foreach (get_object_vars($form) as $name => $value) {
        $name = strtolower(preg_replace(['/([A-Z]+)([A-Z][a-z]{2,})/', '/([a-z\d])([A-Z])/'], '$1_$2', $name));
        $arguments[$name] = is_array($value) || is_object($value) ? json_encode($value) : $value;
    }
    return $arguments;
}

function perform(Closure $method, stdClass $form): array
{
    try {
        return ['response' => ObjectSerializer::sanitizeForSerialization($method(...arguments($form)))];
    } catch (ApiException $e) {
        $error = $e->getResponseObject();
        if ($error?->getCode() === null) {
            return ['status' => $e->getCode()];
        }
        return ['code' => $error->getCode(), 'desc' => $error->getDesc()];
    } catch (ArgumentCountError | InvalidArgumentException $e) { // about a response, it is found out: a request was sent
        return ['inexpressible' => $e->getMessage()];
    } catch (Error $e) {
        $unknown = str_starts_with($e->getMessage(), 'Unknown named parameter');
        return [$unknown ? 'inexpressible' : 'error' => $e->getMessage()];
    } catch (Exception $e) {
        return ['error' => (string) $e];
    }
}

$now = 0;
$http = new GuzzleHttp\Client([
    'handler' => Nimroom::handler(getenv('NIM_APP_KEY'), getenv('NIM_APP_SECRET'), function () use (&$now) {
        return $now;
    }),
]);
$methods = methods($http, (new Configuration())->setHost(getenv('NIM_BASE_URL')));
while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line);
    $now = $request->now;
    echo json_encode(perform($methods[$request->operation], $request->form)), "\n";
}
