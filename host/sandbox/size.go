package sandbox

// InstanceBytes is the memory of an instance in bytes: of the one that was used last,
// or 0 while all are lent.
func (m *Module) InstanceBytes() int { return m.pool.size() }

// size is the memory of the instance that is used next, or 0 without one.
func (p *pool) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return 0
	}
	return int(p.idle[len(p.idle)-1].memory.Size())
}
