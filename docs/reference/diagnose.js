// Finds out how a wrong CheckSum was made, by x-signature-mistakes of the description, as
// sign.Credentials.Diagnose does. A test compares both for every entry.
import {hex, md5, sha1} from './sign.js';

// diagnose returns the name of the advice, and the values for the parts of its text. values
// has AppKey, AppSecret, Nonce, CurTime and the CheckSum; now is in seconds.
export async function diagnose(description, values, now) {
  const {algorithm, input} = description['x-signature'];
  const {spaces, seconds, made, otherwise} = description['x-signature-mistakes'];
  const written = {hexadecimal: values.CheckSum.toLowerCase(), Base64: fromBase64(values.CheckSum)};
  for (const mistake of made) {
    const {name, algorithm: hash = algorithm, input: names = input, output} = mistake;
    const others = names.includes('spaces') ? spaces : names.includes('time') ? times(values.CurTime, now, seconds) : [''];
    for (const other of others) {
      const texts = {...values, spaces: other, time: other};
      const sum = await digest(hash, bytes(values.AppSecret), bytes(names.map(name => texts[name]).join('')));
      const outputs = output ? [output] : Object.keys(written);
      if (sum && outputs.some(output => written[output] === hex(sum))) {
        return {name, parts: {hash, order: names.join(', '), got: other, app: values.AppKey}};
      }
    }
  }
  return {name: otherwise, parts: {app: values.AppKey}};
}

const bytes = text => new TextEncoder().encode(text);

// digest returns the hash of a text, or undefined if the browser does not have the hash.
async function digest(algorithm, secret, text) {
  switch (algorithm) {
    case 'SHA-1': return sha1(text);
    case 'MD5': return md5(text);
    case 'HMAC-MD5': return hmac('MD5', secret, text);
    case 'HMAC-SHA1': return hmac('SHA-1', secret, text);
    case 'HMAC-SHA256': return hmac('SHA-256', secret, text);
    default: return crypto.subtle && new Uint8Array(await crypto.subtle.digest(algorithm, text));
  }
}

// hmac returns the HMAC of a text, as defined in RFC 2104, with a hash that has blocks of 64 bytes.
async function hmac(algorithm, secret, text) {
  const key = secret.length > 64 ? await digest(algorithm, secret, secret) : secret;
  if (!key) return undefined;
  const begin = mask => Array.from({length: 64}, (_, i) => (key[i] ?? 0) ^ mask);
  const inner = await digest(algorithm, secret, new Uint8Array([...begin(0x36), ...text]));
  return inner && digest(algorithm, secret, new Uint8Array([...begin(0x5c), ...inner]));
}

function fromBase64(text) {
  try {
    return hex(Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

// times returns the times that may have been hashed in place of CurTime.
function times(curTime, now, seconds) {
  const around = middle => Array.from({length: 2 * seconds + 1}, (_, i) => String(middle - seconds + i));
  if (!/^[-+]?\d+$/.test(curTime)) return around(now);
  const sent = Number(curTime);
  return [curTime + '000', String(Math.trunc(sent / 1000)), ...around(now), ...around(sent)];
}
