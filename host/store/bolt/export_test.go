package bolt

import "go.etcd.io/bbolt"

// Dump returns every key and value of the file.
func (s *Store) Dump() (all []string) {
	_ = s.db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				all = append(all, string(k)+"="+string(v))
				return nil
			})
		})
	})
	return all
}
