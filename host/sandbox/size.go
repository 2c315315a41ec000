package sandbox

// InstanceBytes is the memory of an instance that waits for a turn in bytes, or 0 while
// all are lent.
func (m *Module) InstanceBytes() int { return m.pool.size() }

// size is the memory of an instance that waits, or 0 without one.
func (p *pool) size() int {
	for i := range p.bays {
		if size := p.bays[i].size(); size > 0 {
			return size
		}
	}
	return 0
}
