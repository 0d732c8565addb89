-- Reserves the next turns of an operation; all processes share the turns.
--
-- KEYS[1]  the turns: the time of the last run, then the last turns, oldest first
-- KEYS[2]  there for as long as the service blocks the operation
-- ARGV     turns per window; window in µs; longest wait in µs, -1 for any; how many
--          turns; how far ahead, in µs, all but the first of them may be
--
-- Returns what is left of the block in ms; the time of this run in µs; the wait in
-- µs for the turn after those reserved; and the wait for each of those, none where
-- even the first would be too long.

local calls, window, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local wanted, ahead = tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local turns = {}
for turn in string.gmatch(redis.call('GET', KEYS[1]) or '', '%d+') do
  turns[#turns + 1] = tonumber(turn)
end
local last = table.remove(turns, 1) or now
if last > now then -- the clock was set back: the turns go with it
  for i = 1, #turns do
    turns[i] = turns[i] - (last - now)
  end
end

local block = math.max(0, redis.call('PTTL', KEYS[2]))
local reply = {block, now, 0}
local reserved = 0
while true do
  local turn = math.max(now + block * 1000, turns[#turns] or 0) -- in order of arrival
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

if reserved > 0 then
  local state = {string.format('%.0f', now)} -- tostring would round
  for i = math.max(1, #turns - calls + 1), #turns do
    state[#state + 1] = string.format('%.0f', turns[i])
  end
  -- A second more than it matters, for a clock that is set back.
  redis.call('SET', KEYS[1], table.concat(state, ' '), 'PX', math.ceil((turns[#turns] - now + window) / 1000) + 1000)
end
return reply
