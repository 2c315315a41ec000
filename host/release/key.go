package release

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/file"
)

// What keys begin with when they are written down. A secret that is pasted into the
// wrong place can be told from a public key at a glance.
const (
	publicMark = "flpub_"
	secretMark = "flsecret_"
)

// Key signs what its owner publishes.
type Key struct{ secret ed25519.PrivateKey }

// Public names the owner of a key to hosts. It is no secret.
type Public string

// NewKey draws a key.
func NewKey() (Key, error) {
	_, secret, err := ed25519.GenerateKey(rand.Reader)
	return Key{secret}, err
}

// Public is the half that hosts know; empty of no key.
func (k Key) Public() Public {
	if k.secret == nil {
		return ""
	}
	return Public(publicMark + base64.RawURLEncoding.EncodeToString(k.secret.Public().(ed25519.PublicKey)))
}

// OpenKey reads the key in a file that only its owner should be able to read; made tells that there was none and
// that one was drawn and written there.
func OpenKey(path string) (k Key, made bool, err error) {
	data, err := os.ReadFile(path)
	if made = errors.Is(err, fs.ErrNotExist); made {
		if err = writeKey(path); err == nil {
			data, err = os.ReadFile(path) // of two that are drawn at the same time the later one stays
		}
	}
	if err != nil {
		return Key{}, false, fmt.Errorf("publisher's key: %w", err)
	}
	seed, ok := decode(secretMark, strings.TrimSpace(string(data)), ed25519.SeedSize)
	if !ok {
		return Key{}, false, fmt.Errorf("publisher's key: %s holds something else; name the file that footlight publish has written", path)
	}
	return Key{ed25519.NewKeyFromSeed(seed)}, made, nil
}

func writeKey(path string) error {
	k, err := NewKey()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return file.Hide(path, []byte(secretMark+base64.RawURLEncoding.EncodeToString(k.secret.Seed())+"\n"))
}

func decode(mark, text string, size int) ([]byte, bool) {
	rest, ok := strings.CutPrefix(text, mark)
	if !ok {
		return nil, false
	}
	data, err := base64.RawURLEncoding.DecodeString(rest)
	return data, err == nil && len(data) == size
}

// Publishers are those whose versions a host puts on stage.
type Publishers []Public

// ParsePublishers reads public keys with commas or blanks between.
func ParsePublishers(text string) (Publishers, error) {
	var list Publishers
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == '\n' || c == '\t' }) {
		if strings.HasPrefix(word, secretMark) {
			return nil, errors.New("publishers: one of them is a secret key; write the public one, which begins with " + publicMark)
		}
		if _, ok := decode(publicMark, word, ed25519.PublicKeySize); !ok {
			return nil, fmt.Errorf("publishers: %q is no public key; footlight publish shows yours, which begins with %s", word, publicMark)
		}
		list = append(list, Public(word))
	}
	return list, nil
}

// Seal is a signature under a text, and whose it is.
type Seal struct {
	Key       Public `json:"key"`
	Signature []byte `json:"signature"`
}

// seal signs a text of a kind, so that no signature can be used for a text of another kind.
func (k Key) seal(kind string, text []byte) Seal {
	return Seal{Key: k.Public(), Signature: ed25519.Sign(k.secret, sealed(kind, text))}
}

func sealed(kind string, text []byte) []byte {
	return append([]byte("footlight "+kind+"\n"), text...)
}

// check tells what is wrong with a seal.
func (p Publishers) check(s Seal, kind string, text []byte) error {
	if !slices.Contains(p, s.Key) {
		return fmt.Errorf("the %s is signed by %s, who is none of the publishers this host trusts (FOOTLIGHT_PUBLISHERS)", kind, s.Key)
	}
	public, ok := decode(publicMark, string(s.Key), ed25519.PublicKeySize)
	if !ok || !ed25519.Verify(public, sealed(kind, text), s.Signature) {
		return fmt.Errorf("the signature of the %s is false: somebody has changed it in the store", kind)
	}
	return nil
}
