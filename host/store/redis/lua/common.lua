-- Shared by the scripts below. Every key of a script lies in one partition. Times are
-- milliseconds; nothing due is never.
--
--   due     sorted set: conversation, when it can be claimed next (never too late, perhaps too early)
--   conv    hash of one conversation:
--             s session | h hold | f, u fence and end of the lease | n leases since the last commit | r as in rest
--             e:<id> event | m:<id> send | k:<id> send that stays | t:<id> tries of a send | l:<kind>:<id> letter
--   box     sorted set: ids of the events, when they are work
--   out     sorted set: ids of the sends, when they are due
--   seen    sorted set: hashes of ids of events, when they may be forgotten
--   rest    sorted set: conversation, step of its last word or lease
--   names   sorted set: conversation, 0; everyone of whom anything is kept
--   parked  sorted set of one Page: conversations whose sends a pause holds back, when those are due
--   pauses  hash: Page, end of its pause (0: none) and reason
--   seq     counter for events, sends, letters and leases

local never = math.huge

local function first(key)
  local head = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  return tonumber(head[2] or never)
end

-- sends is when a conversation's first send may go, pauses left aside.
local function sends(conv, out)
  local at = first(out)
  if at == never then return never end
  return math.max(at, tonumber(redis.call('HGET', conv, 'h') or 0))
end

-- place puts a conversation where it can be claimed next: not before its lease ends.
local function place(due, name, conv, at)
  if at == never then
    redis.call('ZREM', due, name)
    return
  end
  local leased = tonumber(redis.call('HGET', conv, 'u') or 0)
  redis.call('ZADD', due, math.max(at, leased), name)
end

-- work is when a conversation has work, pauses and leases left aside.
local function work(conv, box, out)
  return math.min(first(box), sends(conv, out))
end

-- stir notes that a conversation does not rest at a step.
local function stir(conv, rest, names, name, step)
  if redis.call('HGET', conv, 'r') == step then return end
  redis.call('HSET', conv, 'r', step)
  redis.call('ZADD', rest, step, name)
  redis.call('ZADD', names, 0, name)
end

-- begin begins a lease and gives its fence.
local function begin(conv, seq, till)
  local fence = redis.call('INCR', seq)
  redis.call('HSET', conv, 'f', fence, 'u', till)
  redis.call('HINCRBY', conv, 'n', 1)
  return fence
end

-- finish ends the lease, and leaves nothing behind when nothing is kept of the conversation.
local function finish(conv, rest, names, name)
  redis.call('HDEL', conv, 'f', 'u')
  local left = redis.call('HLEN', conv)
  if left > 2 or left > redis.call('HEXISTS', conv, 'n') + redis.call('HEXISTS', conv, 'r') then return end
  redis.call('DEL', conv)
  redis.call('ZREM', rest, name)
  redis.call('ZREM', names, name)
end

local function holds(conv, fence)
  return redis.call('HGET', conv, 'f') == fence
end
