-- Reserves the next turn of an operation; all processes share the turns.
--
-- KEYS[1]  the turns: the time of the last run, then the last turns, oldest first
-- KEYS[2]  there for as long as the service blocks the operation
-- ARGV     turns per window; window in µs; longest wait in µs, -1 for any
--
-- Returns the wait in µs, -1 when it would be too long and nothing is reserved;
-- what is left of the block in ms; and the time of the turn in µs.

local calls, window, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
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

local turn = math.max(now, turns[#turns] or now) -- in order of arrival
if #turns >= calls then
  turn = math.max(turn, turns[#turns - calls + 1] + window)
end
local block = math.max(0, redis.call('PTTL', KEYS[2]))
turn = math.max(turn, now + block * 1000)

if longest >= 0 and turn - now > longest then
  return {-1, block, 0}
end

turns[#turns + 1] = turn
local state = {string.format('%.0f', now)} -- tostring would round
for i = math.max(1, #turns - calls + 1), #turns do
  state[#state + 1] = string.format('%.0f', turns[i])
end
-- A second more than it matters, for a clock that is set back.
redis.call('SET', KEYS[1], table.concat(state, ' '), 'PX', math.ceil((turn - now + window) / 1000) + 1000)
return {turn - now, block, turn}
