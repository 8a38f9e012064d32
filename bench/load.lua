-- wrk's script: POSTs of one or more tokens, drawn uniformly from a file. Arguments: path, tokens' file, number of tokens to use, tokens in
-- a request, and the Authorization header. All servers get this same script, so that the client costs the same for each.
local tokens, count, per = {}, 0, 1
local head

function init(args)
  local path, file, limit = args[1], args[2], tonumber(args[3])
  per = tonumber(args[4])
  for line in io.lines(file) do
    count = count + 1
    tokens[count] = line
    if count == limit then break end
  end
  math.randomseed(os.time())
  head = "POST " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " .. args[5]
    .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
  local body
  if per == 1 then
    body = '{"value":"' .. tokens[math.random(count)] .. '"}'
  else
    local parts = {}
    for i = 1, per do parts[i] = '{"value":"' .. tokens[math.random(count)] .. '"}' end
    body = '{"validations":[' .. table.concat(parts, ",") .. "]}"
  end
  return head .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write("RESULT ", summary.requests, " ", summary.duration, " ", e.connect + e.read + e.write + e.status + e.timeout, "\n")
end
