package redis_test

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/redis"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// TestErrorsNeverShowThePassword opens with URLs that are wrong in many ways.
func TestErrorsNeverShowThePassword(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := closed.Addr().String()
	_ = closed.Close()
	for _, c := range []struct{ name, url, want string }{
		{"nobody there", "redis://ann:s3same@" + addr + "?max_retries=-1", addr},
		{"nobody there, a cluster", "redis://ann:s3same@" + addr + "?max_retries=-1&addr=" + addr, addr},
		{"no URL", "s3same", "begin with redis://"},
		{"another scheme", "http://ann:s3same@localhost", "begin with redis://"},
		{"no host", "redis:///s3same", "names no host"},
		{"hash in the password", "redis://ann:s3same#x@localhost:6379", "%23 for #"},
		{"slash in the password", "redis://ann:s3same/x@localhost:6379", "%2F for /"},
		{"slash before digits", "redis://ann:1/s3same@localhost:6379", "must be written with %2F"},
		{"question mark in the password", "redis://ann:1?s3same=x@localhost:6379", "must be written with"},
		{"space in the password", "redis://ann:s3same x@localhost:6379", "cannot be read"},
		{"percent in the password", "redis://ann:%s3same@localhost:6379", "%25 for %"},
		{"database that is none", "redis://localhost:6379/x", "refused"},
		{"unknown option", "redis://localhost:6379?colour=red", "colour"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := redis.Open(t.Context(), redis.Options{URL: c.url})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error is %v, want one that says %q", err, c.want)
			}
			if strings.Contains(err.Error(), "s3same") {
				t.Errorf("error shows the password: %v", err)
			}
		})
	}
}

func TestWrongPassword(t *testing.T) {
	s := redistest.New(t, redistest.Options{})
	admin := goredis.NewClient(&goredis.Options{Addr: s.Addr()})
	defer func() { _ = admin.Close() }()
	if err := admin.ConfigSet(t.Context(), "requirepass", "right").Err(); err != nil {
		t.Fatal(err)
	}
	for name, login := range map[string]string{"none": "", "wrong": ":s3same@"} {
		_, err := redis.Open(t.Context(), redis.Options{URL: "redis://" + login + s.Addr()})
		if err == nil || strings.Contains(err.Error(), "s3same") {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	open(t, redis.Options{URL: "redis://:right@" + s.Addr()})
}

func TestAClusterHasNoDatabases(t *testing.T) {
	s := redistest.NewCluster(t, 1, redistest.Options{}).Nodes[0]
	_, err := redis.Open(t.Context(), redis.Options{URL: s.URL() + "/3"})
	if err == nil || !strings.Contains(err.Error(), "no database 3") {
		t.Errorf("error is %v", err)
	}
	open(t, redis.Options{URL: s.URL() + "?addr=" + s.Addr()})
}

func TestDataOfALaterFormatIsRefused(t *testing.T) {
	url := redistest.Start(t)
	o, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := goredis.NewClient(o)
	defer func() { _ = client.Close() }()
	if err := client.Set(t.Context(), "fl:format", "footlight-store-9/16", 0).Err(); err != nil {
		t.Fatal(err)
	}
	_, err = redis.Open(t.Context(), redis.Options{URL: url})
	if err == nil || !strings.Contains(err.Error(), `format "footlight-store-9/16"`) {
		t.Errorf("error is %v", err)
	}
	open(t, redis.Options{URL: url, Prefix: "other"})
	if _, err := redis.Open(t.Context(), redis.Options{URL: url, Prefix: "a{b}"}); err == nil {
		t.Error("a prefix with braces is accepted")
	}
}

// Data stays in the partitions it began with; each person is found again there.
func TestPartitionsStay(t *testing.T) {
	url := redistest.Start(t)
	o, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := goredis.NewClient(o)
	defer func() { _ = client.Close() }()
	if err := client.Set(t.Context(), "many:format", "footlight-store-4/16", 0).Err(); err != nil {
		t.Fatal(err)
	}
	for prefix, want := range map[string]int{"many": 16, "one": 1} {
		var batch []store.Event
		for n := range 400 {
			batch = append(batch, store.Event{ID: "a", Key: store.Key{Page: ann.Page, Person: strconv.Itoa(n)}})
		}
		if fresh, _, err := open(t, redis.Options{URL: url, Prefix: prefix}).Accept(t.Context(), noon, batch, 0, 0); err != nil || len(fresh) != len(batch) {
			t.Fatalf("%d accepted: %v", len(fresh), err)
		}
		if keys, err := client.Keys(t.Context(), "{"+prefix+":*}due").Result(); err != nil || len(keys) != want {
			t.Errorf("%s: %d partitions, want %d: %v", prefix, len(keys), want, err)
		}
		people, err := open(t, redis.Options{URL: url, Prefix: prefix}).People(t.Context(), ann.Page, "", len(batch)+1)
		if err != nil || len(people) != len(batch) {
			t.Errorf("%s: %d people: %v", prefix, len(people), err)
		}
	}
	if err := client.Set(t.Context(), "none:format", "footlight-store-4/0", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := redis.Open(t.Context(), redis.Options{URL: url, Prefix: "none"}); err == nil {
		t.Error("data in no partitions is opened")
	}
}

func TestAnEndedContextIsNotWaitedFor(t *testing.T) {
	s := open(t, redis.Options{URL: redistest.Start(t)})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"accept": func() error { _, _, err := s.Accept(ctx, noon, []store.Event{{ID: "a", Key: ann}}, 0, 0); return err }(),
		"check":  s.Check(ctx),
		"read":   func() error { _, err := s.Read(ctx, ann); return err }(),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error is %v, want %v", name, err, context.Canceled)
		}
	}
}
