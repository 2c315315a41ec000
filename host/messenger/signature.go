package messenger

import (
	"crypto/hmac"
	"crypto/sha1" // the platform still sends it alongside; the host never trusts it
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"strings"
	"sync"
)

// The headers that carry signatures. Only the first is ever checked.
const (
	HeaderSignature       = "X-Hub-Signature-256"
	HeaderSignatureLegacy = "X-Hub-Signature"
)

const (
	prefix256    = "sha256="
	prefixLegacy = "sha1="
)

// The reasons for which Verify refuses. None says what would have been right.
var (
	ErrNoSecret       = errors.New("webhook signature: no app secret to check it with")
	ErrNoSignature    = errors.New("webhook signature: header " + HeaderSignature + " is missing")
	ErrBadSignature   = errors.New("webhook signature: header " + HeaderSignature + " is not sha256= and 64 lower-case hex digits")
	ErrWrongSignature = errors.New("webhook signature: does not belong to this body under our app secret")
)

// A Verifier checks webhooks under one app secret. It is safe for concurrent use, and cheaper than Verify where
// there are many of them: what the secret itself costs is paid once.
type Verifier struct {
	secret string
	macs   sync.Pool // of hash.Hash, keyed
}

// NewVerifier returns a Verifier.
func NewVerifier(appSecret string) *Verifier {
	return &Verifier{secret: appSecret, macs: sync.Pool{New: func() any { return hmac.New(sha256.New, []byte(appSecret)) }}}
}

// Verify checks the signature header of a webhook POST against its body, byte for
// byte as it came: never decompressed, never parsed and written again (messenger.md
// section 2.3). It compares in constant time.
func (v *Verifier) Verify(header string, rawBody []byte) error {
	if v.secret == "" {
		return ErrNoSecret
	}
	if header == "" {
		return ErrNoSignature
	}
	digits, ok := strings.CutPrefix(header, prefix256)
	if !ok || len(digits) != 2*sha256.Size || digits != strings.ToLower(digits) {
		return ErrBadSignature
	}
	var got, want [sha256.Size]byte
	if _, err := hex.Decode(got[:], []byte(digits)); err != nil {
		return ErrBadSignature
	}
	mac := v.macs.Get().(hash.Hash)
	defer v.macs.Put(mac)
	mac.Reset()
	mac.Write(rawBody)
	if !hmac.Equal(got[:], mac.Sum(want[:0])) {
		return ErrWrongSignature
	}
	return nil
}

// Verify checks one webhook, as a Verifier does.
func Verify(appSecret, header string, rawBody []byte) error {
	return NewVerifier(appSecret).Verify(header, rawBody)
}

// Sign is the value of HeaderSignature for a body.
func Sign(appSecret string, rawBody []byte) string {
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write(rawBody)
	return prefix256 + hex.EncodeToString(mac.Sum(nil))
}

// SignLegacy is the value of HeaderSignatureLegacy for a body.
func SignLegacy(appSecret string, rawBody []byte) string {
	mac := hmac.New(sha1.New, []byte(appSecret))
	mac.Write(rawBody)
	return prefixLegacy + hex.EncodeToString(mac.Sum(nil))
}

// Proof is the appsecret_proof of an access token (messenger.md section 3.10).
func Proof(appSecret, token string) string {
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}
