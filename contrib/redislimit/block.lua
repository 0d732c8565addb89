-- Blocks an operation, unless a longer block is there, and tells what is left
-- of the block in ms, 0 for none.
--
-- KEYS[1]  there for as long as the block lasts
-- ARGV     its length in ms, 0 to only ask

local left = math.max(0, redis.call('PTTL', KEYS[1]))
local length = tonumber(ARGV[1])
if length > left then
  redis.call('SET', KEYS[1], '1', 'PX', length)
  left = length
end
return left
