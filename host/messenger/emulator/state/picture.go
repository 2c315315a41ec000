package state

import (
	"net/url"
	"strconv"
	"time"
)

// pictureLife is how long the address of a profile picture can be used. Meta says that it
// expires, and not when.
const pictureLife = 4 * 24 * time.Hour

// The parameters of such an address: until when it counts, and what shows that it is one.
const (
	pictureEnd  = "ext"
	pictureHash = "hash"
)

// PictureAt is the address of the person's picture as it is given out at a time; empty:
// they have none.
func (who *Person) PictureAt(now time.Time) string {
	u, err := url.Parse(who.Picture)
	if err != nil || who.Picture == "" {
		return who.Picture
	}
	q := u.Query()
	q.Set(pictureEnd, strconv.FormatInt(now.Add(pictureLife).Unix(), 10))
	u.RawQuery = q.Encode()
	q.Set(pictureHash, sealed(u.String()))
	u.RawQuery = q.Encode()
	return u.String()
}

// Expired reports whether address is that of a profile picture whose time is over.
func Expired(address string, now time.Time) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	q := u.Query()
	hash, end := q.Get(pictureHash), q.Get(pictureEnd)
	q.Del(pictureHash)
	u.RawQuery = q.Encode()
	ends, err := strconv.ParseInt(end, 10, 64)
	return err == nil && hash == sealed(u.String()) && now.Unix() >= ends
}

// sealed is a short hash of an address. It guards nothing: it tells our addresses apart from
// those of others that look like them.
func sealed(address string) string { return strconv.FormatUint(Stream(address), 36) }
