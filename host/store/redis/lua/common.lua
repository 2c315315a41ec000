-- Shared by the scripts below. Every key of a script lies in one partition. Times are
-- milliseconds; nothing due is never. Calls are what a script costs: what several
-- need together is read and written in one.
--
--   due     sorted set: conversation, when it can be claimed next (never too late, perhaps too early)
--   conv    hash of one conversation:
--             s session | h hold | f, u fence and end of the lease | n leases since one was given back
--             a last number of an event, send or letter, as in rest, and when the first event is work and its hash where it
--               is the only one: then box is empty; what every message changes is one field, as each costs
--             o, j when the first send is due, and its id where it is the only one: then out is empty
--             p is or was in parked | d stands in due elsewhere than at the end of its lease
--             e:<hash> event | m:<id> send | k:<id> send that stays | t:<id> tries of a send | l:<kind>:<id> letter
--   box     sorted set: hashes of the events, when they are work; empty for one alone
--   out     sorted set: ids of the sends, when they are due; empty for one alone
--   seen    sorted set: hashes of ids of events, when they may be forgotten
--   rest    sorted set: conversation, step of its last word or lease
--   names   sorted set: conversation, 0; everyone of whom anything is kept
--   parked  sorted set of one Page: conversations whose sends a pause holds back, when those are due
--   pauses  hash: Page, end of its pause (0: none) and reason
--   boot    hash: run of the server | since when it is known | back, fences given while its clock was behind that

local never = math.huge

local function first(key)
  return redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
end

-- sends is when a conversation's first send may go, pauses left aside.
local function sends(o, hold)
  if not o then return never end
  return math.max(tonumber(o), tonumber(hold or 0))
end

-- work is when a conversation has work, pauses and leases left aside.
local function work(b, o, hold)
  return math.min(tonumber(b or never), sends(o, hold))
end

-- place puts a conversation where it can be claimed next: not before its lease ends. It tells whether that is
-- elsewhere than there.
local function place(due, name, at, leased)
  if at == never then
    redis.call('ZREM', due, name)
    return true
  end
  local till = tonumber(leased or 0)
  redis.call('ZADD', due, math.max(at, till), name)
  return at > till
end

-- remark keeps d as it is to be.
local function remark(conv, was, is)
  if is and not was then redis.call('HSET', conv, 'd', 1) end
  if was and not is then redis.call('HDEL', conv, 'd') end
end

-- heard takes a apart: the number, the step of rest, when the first event is work, and its hash where it is alone.
local function heard(a)
  if not a then return '0' end
  local number, rests, first, alone = string.match(a, '^(%d+) (%d+) (%d*) (.*)$')
  return number, rests, first ~= '' and first or nil, alone ~= '' and alone or nil
end

-- hears puts a together.
local function hears(number, rests, first, alone)
  return number .. ' ' .. rests .. ' ' .. (first or '') .. ' ' .. (alone or '')
end

-- change calls a command for many arguments, in portions that Lua can unpack.
local function change(command, key, args)
  for i = 1, #args, 1000 do
    redis.call(command, key, unpack(args, i, math.min(i + 999, #args)))
  end
end

-- marks is the part of a hash of a conversation whose fields have one letter.
local function marks(all)
  local is = {}
  for i = 1, #all, 2 do
    if #all[i] == 1 then is[all[i]] = all[i + 1] end
  end
  return is
end

-- put adds two values to a list.
local function put(list, a, b)
  list[#list + 1] = a
  list[#list + 1] = b
end

-- reason is what an error says that pcall has caught.
local function reason(err)
  return type(err) == 'table' and err.err or tostring(err)
end

-- stir notes that a conversation rests no more since the step before; the caller sets a.
local function stir(rest, names, name, step)
  redis.call('ZADD', rest, step, name)
  redis.call('ZADD', names, 0, name)
end

-- stamp is the fence of the leases that a script gives: the time of the server, in microseconds, of which no two scripts
-- have the same. A counter would give a number again when a power cut has taken back its last steps, and whoever had it
-- before could write. A clock that was set back to before this run began gives none that would hold: they are counted then.
local function stamp(boot)
  local now, is = redis.call('TIME'), redis.call('HMGET', boot, 'since', 'back')
  local since = tonumber(is[1] or 0)
  local fence = now[1] * 1000000 + now[2]
  if fence > since + tonumber(is[2] or 0) then return fence end
  return since + redis.call('HINCRBY', boot, 'back', 1)
end

-- begin begins a lease with a fence; n is of the conversation. Further fields are set with those of the lease.
local function begin(conv, fence, till, n, ...)
  redis.call('HSET', conv, 'f', string.format('%.0f', fence), 'u', till, 'n', tonumber(n or 0) + 1, ...)
end

-- begun is since when this run of the server is known.
local function begun(boot)
  return tonumber(redis.call('HGET', boot, 'since') or 0)
end

-- holds tells whether a lease is still good: the newest, and given by this run of the server.
local function holds(since, newest, fence)
  return newest == fence and tonumber(fence) >= since
end

-- clear leaves nothing behind of a conversation of which nothing is kept.
local function clear(conv, rest, names, parked, name)
  if redis.call('HEXISTS', conv, 's') == 1 then return end -- as nearly always
  local left, marks = redis.call('HLEN', conv), 0
  if left > 3 then return end
  local is = redis.call('HMGET', conv, 'n', 'a', 'p')
  for _, mark in ipairs(is) do
    if mark then marks = marks + 1 end
  end
  if left > marks then return end
  redis.call('DEL', conv)
  redis.call('ZREM', rest, name)
  redis.call('ZREM', names, name)
  if is[3] then redis.call('ZREM', parked, name) end
end
