// Signs every attempt anew: CheckSum = SHA-1 of app secret, nonce and time, joined.
const hash = require('crypto-js');
const appKey = pm.variables.get('appKey');
const appSecret = pm.variables.get('appSecret');
if (!appKey || !appSecret) {
  throw new Error("$missing");
}
const nonce = pm.variables.replaceIn('{{$guid}}');
const curTime = String(Math.floor(Date.now() / 1000));
const headers = {
  AppKey: appKey,
  Nonce: nonce,
  CurTime: curTime,
  CheckSum: hash.SHA1(appSecret + nonce + curTime).toString(hash.enc.Hex),
};
Object.entries(headers).forEach(([key, value]) => pm.request.headers.upsert({ key, value }));
