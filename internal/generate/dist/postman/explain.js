// The HTTP status is 200 even for an error; the code in the body says whether the call succeeded.
const codes = $codes;
// After these codes there is nothing to do: what the request asks for is already there, or what it removes is not.
const done = $done;
pm.test('code', () => {
  pm.response.to.have.status(200);
  const { code, desc } = pm.response.json();
  const [name, meaning] = codes[code] || ['', ''];
  const path = `/${pm.request.url.path.slice(-2).join('/')}`;
  pm.expect([200, ...(done[path] || [])], [code, name, meaning, typeof desc === 'string' ? desc : ''].filter(Boolean).join(' - ')).to.include(code);
});
