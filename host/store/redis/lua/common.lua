-- Shared by the scripts below. Every key of a script lies in one partition. Times are
-- milliseconds; nothing due is never.
--
--   due     sorted set: conversation, when it can be claimed next (never too late, perhaps too early)
--   conv    hash of one conversation:
--             s session | h hold | f, u fence and end of the lease
--             e:<id> event | m:<id> send | k:<id> send that stays | t:<id> tries of a send
--   box     sorted set: ids of the events, when they were accepted
--   out     sorted set: ids of the sends, when they are due
--   seen    sorted set: hashes of ids of events, when they may be forgotten
--   parked  sorted set of one Page: conversations whose sends a pause holds back, when those are due
--   pauses  hash: Page, end of its pause (0: none) and reason
--   seq     counter for events, sends and leases

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

local function holds(conv, fence)
  return redis.call('HGET', conv, 'f') == fence
end
