-- Reserves the next turns of an operation. All processes share the turns.
--
-- KEYS[1]  the turns: the time of the last run, then the last turns, oldest first
-- KEYS[2]  the block; it exists as long as the service blocks the operation
-- ARGV     turns per window; window in µs; longest wait in µs, or -1 for any wait; number
--          of turns to reserve; longest wait in µs for all of them but the first; time of the
--          last run that the caller knows of, or 0; how long in µs turns that are lost count
--
-- Returns the rest of the block in ms, the time of this run in µs, the wait in µs for the
-- turn after the reserved ones, and the wait in µs for each reserved turn. It reserves no
-- turn if even the first wait would be too long.

local calls, window, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local wanted, ahead = tonumber(ARGV[4]), tonumber(ARGV[5])
local known, lost = tonumber(ARGV[6]), tonumber(ARGV[7])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local turns = {}
for turn in string.gmatch(redis.call('GET', KEYS[1]) or '', '%d+') do
  turns[#turns + 1] = tonumber(turn)
end
local last = table.remove(turns, 1)
-- Without the key, or with one that is older than the caller's last run, turns may be lost: Redis
-- was restarted, or another node took over. The windows so far then count as full.
local cold = not last or last < known
if cold then
  last = now
  for i = 1, calls do
    turns[i] = now + lost - window
  end
end
if last > now then -- the clock was set back: move the turns back too
  for i = 1, #turns do
    turns[i] = turns[i] - (last - now)
  end
end

local block = math.max(0, redis.call('PTTL', KEYS[2]))
local reply = {block, now, 0}
local reserved = 0
while true do
  local turn = math.max(now + block * 1000, turns[#turns] or 0) -- never before an earlier reservation
  if #turns >= calls then
    turn = math.max(turn, turns[#turns - calls + 1] + window)
  end
  local wait = turn - now
  reply[3] = wait
  if reserved == wanted or (longest >= 0 and wait > longest) or (reserved > 0 and wait > ahead) then
    break
  end
  turns[#turns + 1] = turn
  reserved = reserved + 1
  reply[3 + reserved] = wait
end

if reserved > 0 or cold then
  local state = {string.format('%.0f', now)} -- tostring would round it
  for i = math.max(1, #turns - calls + 1), #turns do
    state[#state + 1] = string.format('%.0f', turns[i])
  end
  -- The key lives much longer than its turns matter, because a missing key counts as lost turns.
  redis.call('SET', KEYS[1], table.concat(state, ' '), 'PX', math.ceil((turns[#turns] - now + window) / 1000) + 86400000)
end
return reply
