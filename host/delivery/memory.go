package delivery

// loud tells whether a line about a Page may be logged again.
func (d *Delivery) loud(page string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.Elapsed()
	if last, ok := d.quiet[page]; ok && (d.once || now-last < quietFor) {
		return false
	}
	d.quiet[page] = now
	return true
}
