// The HTTP status is 200 even for an error; the code in the body says whether the call succeeded.
const codes = $codes;
pm.test('code', () => {
  pm.response.to.have.status(200);
  const { code, desc } = pm.response.json();
  const [name, meaning] = codes[code] || ['', ''];
  pm.expect(code, [name, meaning, typeof desc === 'string' ? desc : ''].filter(Boolean).join(' - ')).to.equal(200);
});
