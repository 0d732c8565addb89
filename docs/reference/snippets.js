// Requests as programs. Each signs by itself, reads the app secret from the environment,
// and needs nothing but its language, or the SDK in Go. A test runs them.

const text = JSON.stringify; // a JSON text is a text of each of these languages, too
const lines = (fields, write) => fields.map(([name, value]) => write(text(name), text(value))).join('\n');

// languages has for each language its name, and a function that makes a program of a
// request: {url, appKey, fields: [[name, value], ...]}.
export const languages = {
  go: {
    title: 'Go',
    program({url, appKey, fields}) {
      const [, base, path] = /^(.*)(\/[^/]+\/[^/]+)$/.exec(url);
      return `package main

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"

	"github.com/nimroom/nimroom/wrapper"
)

func main() {
	credentials, err := wrapper.NewCredentials(${text(appKey)}, os.Getenv("NIM_APP_SECRET"))
	if err != nil {
		log.Fatal(err)
	}
	client, err := wrapper.New(credentials, wrapper.WithBaseURL(${text(base)}))
	if err != nil {
		log.Fatal(err)
	}
	form := url.Values{}
${lines(fields, (name, value) => `	form.Set(${name}, ${value})`)}
	response, err := client.Do(context.Background(), ${text(path)}, form)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(response))
}
`;
    },
  },
  python: {
    title: 'Python',
    program: ({url, appKey, fields}) => `import hashlib
import os
import secrets
import time
import urllib.parse
import urllib.request


def checksum(app_secret, nonce, cur_time):
    return hashlib.sha1((app_secret + nonce + cur_time).encode()).hexdigest()


app_secret = os.environ["NIM_APP_SECRET"]
nonce, cur_time = secrets.token_hex(16), str(int(time.time()))
headers = {
    "AppKey": ${text(appKey)},
    "Nonce": nonce,
    "CurTime": cur_time,
    "CheckSum": checksum(app_secret, nonce, cur_time),
    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
}
form = {
${lines(fields, (name, value) => `    ${name}: ${value},`)}
}
request = urllib.request.Request(${text(url)}, urllib.parse.urlencode(form).encode(), headers)
with urllib.request.urlopen(request, timeout=30) as response:
    print(response.read().decode())
`,
  },
  typescript: {
    title: 'TypeScript',
    program: ({url, appKey, fields}) => `import { createHash, randomBytes } from "node:crypto";

const appSecret = process.env.NIM_APP_SECRET;
if (!appSecret) throw new Error("NIM_APP_SECRET is not set");
const nonce = randomBytes(16).toString("hex");
const curTime = String(Math.floor(Date.now() / 1000));
const response = await fetch(${text(url)}, {
  method: "POST",
  headers: {
    AppKey: ${text(appKey)},
    Nonce: nonce,
    CurTime: curTime,
    CheckSum: createHash("sha1").update(appSecret + nonce + curTime).digest("hex"),
    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
  },
  body: new URLSearchParams({
${lines(fields, (name, value) => `    ${name}: ${value},`)}
  }),
});
console.log(await response.text());
`,
  },
  java: {
    title: 'Java',
    program: ({url, appKey, fields}) => `import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.StringJoiner;
import java.util.UUID;

public final class Call {
    public static void main(String[] args) throws Exception {
        String nonce = UUID.randomUUID().toString();
        String curTime = Long.toString(System.currentTimeMillis() / 1000);
        StringJoiner form = new StringJoiner("&");
${lines(fields, (name, value) => `        form.add(encode(${name}) + "=" + encode(${value}));`)}
        HttpRequest request = HttpRequest.newBuilder(URI.create(${text(url)}))
            .header("AppKey", ${text(appKey)})
            .header("Nonce", nonce)
            .header("CurTime", curTime)
            .header("CheckSum", checkSum(System.getenv("NIM_APP_SECRET"), nonce, curTime))
            .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
            .build();
        System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String checkSum(String appSecret, String nonce, String curTime) throws Exception {
        byte[] text = (appSecret + nonce + curTime).getBytes(StandardCharsets.UTF_8);
        return String.format("%040x", new BigInteger(1, MessageDigest.getInstance("SHA-1").digest(text)));
    }
}
`,
  },
};

// snippets configures the snippets of Swagger UI: cURL, which it has, and the languages.
export const snippets = {
  generators: {curl_bash: {title: 'cURL', syntax: 'bash'}},
  languages: ['curl_bash', ...Object.keys(languages)],
  defaultExpanded: true,
};
// snippetsPlugin makes Swagger UI write the programs. It shows the request as it was sent.
export const snippetsPlugin = {fn: {}};
for (const [language, {title, program}] of Object.entries(languages)) {
  snippets.generators[language] = {title, syntax: 'text'};
  snippetsPlugin.fn['requestSnippetGenerator_' + language] = request => program({
    url: request.get('url'),
    appKey: request.getIn(['headers', 'AppKey']),
    fields: [...new URLSearchParams(request.get('body') ?? '')],
  });
}
