package messenger

import (
	"errors"
	"strings"
	"testing"
)

// What the platform signs is what it sent, escapes and all (section 2.3). The
// digests were computed with openssl dgst -hmac.
func TestSign(t *testing.T) {
	body := []byte(`{"text":"\u00e4\ud83c\udfad \/ <b> 100% @"}`)
	if got, want := Sign("s3cret", body), "sha256=8efc678ea286646e0c8146b83df50b3d2518c2fddaba680553592a40cab833ff"; got != want {
		t.Errorf("Sign = %s, want %s", got, want)
	}
	if got, want := SignLegacy("s3cret", body), "sha1=50d9123d941d9eab716a786d1496260cfce6c9d3"; got != want {
		t.Errorf("SignLegacy = %s, want %s", got, want)
	}
	if got, want := Proof("s3cret", "EAAtoken"), "996747eb387311f6eef873d7e2bee192a7bc191ebdab0ce8129d81ae8223c24c"; got != want {
		t.Errorf("Proof = %s, want %s", got, want)
	}
}

func TestVerify(t *testing.T) {
	const secret = "s3cret"
	body := []byte(`{"object":"page","text":"\u00e4\/"}`)
	good := Sign(secret, body)
	for _, tt := range []struct {
		name, secret, header string
		body                 []byte
		want                 error
	}{
		{"right", secret, good, body, nil},
		{"empty body", secret, Sign(secret, nil), nil, nil},
		{"no secret", "", Sign("", body), body, ErrNoSecret},
		{"no header", secret, "", body, ErrNoSignature},
		{"other secret", "other", good, body, ErrWrongSignature},
		{"flipped byte", secret, good, []byte(strings.Replace(string(body), "page", "pagf", 1)), ErrWrongSignature},
		{"escapes undone", secret, good, []byte(`{"object":"page","text":"ä/"}`), ErrWrongSignature},
		{"sha1 is not enough", secret, SignLegacy(secret, body), body, ErrBadSignature},
		{"sha1 digest under sha256", secret, strings.Replace(SignLegacy(secret, body), "sha1", "sha256", 1), body, ErrBadSignature},
		{"digest alone", secret, strings.TrimPrefix(good, "sha256="), body, ErrBadSignature},
		{"two equals signs", secret, strings.Replace(good, "=", "==", 1), body, ErrBadSignature},
		{"too short", secret, good[:len(good)-2], body, ErrBadSignature},
		{"too long", secret, good + "00", body, ErrBadSignature},
		{"capitals", secret, "sha256=" + strings.ToUpper(strings.TrimPrefix(good, "sha256=")), body, ErrBadSignature},
		{"not hex", secret, "sha256=" + strings.Repeat("z", 64), body, ErrBadSignature},
		{"name in capitals", secret, strings.Replace(good, "sha256", "SHA256", 1), body, ErrBadSignature},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := Verify(tt.secret, tt.header, tt.body); !errors.Is(err, tt.want) {
				t.Errorf("Verify = %v, want %v", err, tt.want)
			}
		})
	}
}

// TestVerifyLooksAtAll: a signature that is wrong in any one of its digits is wrong.
func TestVerifyLooksAtAll(t *testing.T) {
	const secret, prefix = "s3cret", "sha256="
	body := []byte(`{"object":"page"}`)
	good := Sign(secret, body)
	for i := len(prefix); i < len(good); i++ {
		digit := "0"
		if good[i] == '0' {
			digit = "1"
		}
		if err := Verify(secret, good[:i]+digit+good[i+1:], body); !errors.Is(err, ErrWrongSignature) {
			t.Errorf("wrong in digit %d: %v", i-len(prefix), err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("sha256=00", []byte("{}"))
	f.Add(Sign("s3cret", []byte("{}")), []byte("{}"))
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		if got := Verify("s3cret", header, body); (got == nil) != (header == Sign("s3cret", body)) {
			t.Errorf("Verify(%q) = %v", header, got)
		}
	})
}
