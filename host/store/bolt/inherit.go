package bolt

import (
	"bytes"
	"math"

	"go.etcd.io/bbolt"
)

// inherit ends the leases that the process before has left: the lock of the file tells that it is gone, so
// nobody waits for them to run out. But where a send was due before the lease ends it may have gone out, and its
// echo, which settles it, may still come: that lease runs on. Leases stay counted.
func inherit(tx *bbolt.Tx) error {
	var left [][]byte
	err := tx.Bucket(leaseBucket).ForEach(func(n, _ []byte) error {
		left = append(left, bytes.Clone(n))
		return nil
	})
	if err != nil {
		return err
	}
	for _, n := range left {
		l, err := loadLine(tx, parseName(n))
		if err != nil {
			return err
		}
		_, sends, err := work(tx, l.key, math.MinInt64)
		if err != nil {
			return err
		}
		if l.fence == 0 || sends != never && max(sends, l.hold) <= l.until {
			continue
		}
		was := l
		if err := l.end(tx, was); err != nil {
			return err
		}
	}
	return nil
}
