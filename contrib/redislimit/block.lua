-- Blocks an operation, unless a longer block already exists. Returns the rest of the
-- block in ms, or 0 if there is none.
--
-- KEYS[1]  the block; it exists as long as the block lasts
-- ARGV     length of the block in ms, or 0 only to ask for a block

local left = math.max(0, redis.call('PTTL', KEYS[1]))
local length = tonumber(ARGV[1])
if length > left then
  redis.call('SET', KEYS[1], '1', 'PX', length)
  left = length
end
return left
