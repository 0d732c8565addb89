// Keeps the new room's id for the other requests, as text: it is a 64-bit integer.
const found = pm.response.text().match(/"roomid"\s*:\s*"?(\d+)/);
if (found) {
  pm.collectionVariables.set('roomid', found[1]);
}
