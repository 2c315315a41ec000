module github.com/footlight-bots/footlight/plugins/weather

go 1.24

require github.com/footlight-bots/footlight/sdk/go v0.0.0

replace github.com/footlight-bots/footlight/sdk/go => ../../sdk/go
