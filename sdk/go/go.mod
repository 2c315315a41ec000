module github.com/footlight-bots/footlight/sdk/go

go 1.24
