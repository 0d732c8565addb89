// The signature of requests, as described by x-signature in the spec.

export const newNonce = () => hex(crypto.getRandomValues(new Uint8Array(16)));

// signingHeaders returns the four signing headers of a request. The time is in seconds.
export async function signingHeaders(appKey, appSecret, time) {
  const nonce = newNonce();
  const curTime = String(time);
  return {AppKey: appKey, Nonce: nonce, CurTime: curTime, CheckSum: await checkSum(appSecret, nonce, curTime)};
}

// checkSum returns the SHA-1 of the three concatenated strings in lower-case hexadecimal.
export async function checkSum(appSecret, nonce, curTime) {
  const text = new TextEncoder().encode(appSecret + nonce + curTime);
  // Browsers offer crypto.subtle only to pages from https or from a loopback address.
  return hex(crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-1', text)) : sha1(text));
}

// sha1 returns the SHA-1 of bytes, as defined in FIPS 180-4, section 6.1.
export function sha1(bytes) {
  const blocks = padded(bytes, false);
  const round = [
    [(b, c, d) => b & c | ~b & d, 0x5a827999],
    [(b, c, d) => b ^ c ^ d, 0x6ed9eba1],
    [(b, c, d) => b & c | b & d | c & d, 0x8f1bbcdc],
    [(b, c, d) => b ^ c ^ d, 0xca62c1d6],
  ];
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const word = new Int32Array(80);
  for (let block = 0; block < blocks.byteLength; block += 64) {
    for (let t = 0; t < 80; t++) {
      word[t] = t < 16 ? blocks.getInt32(block + 4 * t) : rotate(word[t - 3] ^ word[t - 8] ^ word[t - 14] ^ word[t - 16], 1);
    }
    let [a, b, c, d, e] = state;
    for (let t = 0; t < 80; t++) {
      const [mix, constant] = round[Math.floor(t / 20)];
      [a, b, c, d, e] = [rotate(a, 5) + mix(b, c, d) + e + constant + word[t] | 0, a, rotate(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((value, i) => { state[i] += value; });
  }
  return joined(state, false);
}

// md5 returns the MD5 of bytes, as defined in RFC 1321.
export function md5(bytes) {
  const blocks = padded(bytes, true);
  const round = [
    [(b, c, d) => b & c | ~b & d, t => t, [7, 12, 17, 22]],
    [(b, c, d) => b & d | c & ~d, t => 5 * t + 1, [5, 9, 14, 20]],
    [(b, c, d) => b ^ c ^ d, t => 3 * t + 5, [4, 11, 16, 23]],
    [(b, c, d) => c ^ (b | ~d), t => 7 * t, [6, 10, 15, 21]],
  ];
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let block = 0; block < blocks.byteLength; block += 64) {
    let [a, b, c, d] = state;
    for (let t = 0; t < 64; t++) {
      const [mix, place, turns] = round[Math.floor(t / 16)];
      const constant = Math.floor(Math.abs(Math.sin(t + 1)) * 2 ** 32);
      const sum = a + mix(b, c, d) + constant + blocks.getInt32(block + 4 * (place(t) % 16), true) | 0;
      [a, b, c, d] = [d, b + rotate(sum, turns[t % 4]) | 0, b, c];
    }
    [a, b, c, d].forEach((value, i) => { state[i] += value; });
  }
  return joined(state, true);
}

const rotate = (x, n) => x << n | x >>> 32 - n;

// padded returns bytes in blocks of 64, with the length at the end.
function padded(bytes, littleEndian) {
  const blocks = new DataView(new ArrayBuffer((bytes.length + 9 + 63) >> 6 << 6));
  bytes.forEach((byte, i) => blocks.setUint8(i, byte));
  blocks.setUint8(bytes.length, 0x80);
  const length = [Math.floor(bytes.length / 2 ** 29), bytes.length << 3];
  if (littleEndian) length.reverse();
  length.forEach((word, i) => blocks.setUint32(blocks.byteLength - 8 + 4 * i, word, littleEndian));
  return blocks;
}

// joined returns the bytes of a hash.
function joined(state, littleEndian) {
  const digest = new DataView(new ArrayBuffer(4 * state.length));
  state.forEach((value, i) => digest.setInt32(4 * i, value, littleEndian));
  return new Uint8Array(digest.buffer);
}

export function hex(bytes) {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
